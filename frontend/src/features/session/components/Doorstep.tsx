import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LanguageSwitch, ThemeSwitch } from '@/shared/ui/Switches'
import styles from './Doorstep.module.css'

/** The frame of what one sees before one is in. */
export function Doorstep({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className={styles.doorstep}>
      <div className={styles.corner}>
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <main className={styles.column}>
        <p className={styles.brand}>
          <img src="/favicon.svg" alt="" width={28} height={28} /> {t('appName')}
        </p>
        {children}
      </main>
    </div>
  )
}
