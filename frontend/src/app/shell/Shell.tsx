import { Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigation } from './Navigation'
import styles from './Shell.module.css'
import { ShortcutsDialog } from './ShortcutsDialog'
import { TopBar } from './TopBar'

const COLLAPSED = 'proteinx.navigation.collapsed'

/** The frame round every page. */
export function Shell() {
  const { t } = useTranslation()
  const [collapsed, setCollapsed] = useState(() => localStorage.getItem(COLLAPSED) === 'true')
  const [drawer, setDrawer] = useState(false)
  const collapse = () => {
    localStorage.setItem(COLLAPSED, String(!collapsed))
    setCollapsed(!collapsed)
  }
  return (
    <div className={styles.shell} data-collapsed={collapsed || undefined}>
      <a className={styles.skip} href="#content">
        {t('nav.skip')}
      </a>
      <TopBar collapsed={collapsed} onCollapse={collapse} drawer={drawer} onDrawer={setDrawer} />
      <aside className={styles.side}>
        <Navigation collapsed={collapsed} />
      </aside>
      <main id="content" tabIndex={-1} className={styles.content}>
        <Outlet />
      </main>
      <ShortcutsDialog />
    </div>
  )
}
