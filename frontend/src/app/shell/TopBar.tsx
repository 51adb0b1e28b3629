import { MenuFoldOutlined, MenuOutlined, MenuUnfoldOutlined, PlusOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { mayCreate, useUser } from '@/shared/session/session'
import { LiveBadge } from '@/shared/ui/LiveBadge'
import { LanguageSwitch, ThemeSwitch } from '@/shared/ui/Switches'
import styles from './TopBar.module.css'
import { UserMenu } from './UserMenu'

const NavigationDrawer = lazy(() => import('./NavigationDrawer'))

interface Props {
  collapsed: boolean
  onCollapse: () => void
  drawer: boolean
  onDrawer: (open: boolean) => void
}

export function TopBar({ collapsed, onCollapse, drawer, onDrawer }: Props) {
  const { t } = useTranslation()
  const user = useUser()
  return (
    <header className={styles.bar}>
      <Button
        type="text"
        className={styles.narrow}
        icon={<MenuOutlined />}
        aria-label={t('nav.open')}
        aria-expanded={drawer}
        onClick={() => onDrawer(true)}
      />
      <Button
        type="text"
        className={styles.wide}
        icon={collapsed ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
        aria-label={collapsed ? t('nav.expand') : t('nav.collapse')}
        onClick={onCollapse}
      />
      <Link to="/" className={styles.brand} aria-label={t('appName')}>
        <img src="/favicon.svg" alt="" width={24} height={24} />
        <span>{t('appName')}</span>
      </Link>
      <div className={styles.right}>
        <LiveBadge />
        {mayCreate(user) && (
          <Link to="/jobs/new" className={styles.create} aria-label={t('action.newJob')}>
            <PlusOutlined aria-hidden /> <span className={styles.wide}>{t('action.newJob')}</span>
          </Link>
        )}
        <LanguageSwitch />
        <ThemeSwitch />
        <UserMenu />
      </div>
      {drawer && (
        <Suspense>
          <NavigationDrawer onClose={() => onDrawer(false)} />
        </Suspense>
      )}
    </header>
  )
}
