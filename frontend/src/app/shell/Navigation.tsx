import { ApiOutlined, ExportOutlined, LineChartOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import styles from './Navigation.module.css'
import { PLACES } from './places'

/** MLflow's own first page is for chat traces; this view is the one for training. */
const MLFLOW = '/mlflow/#/experiments?workflowType=machine_learning'

interface Props {
  collapsed?: boolean
  onGo?: () => void
}

export function Navigation({ collapsed = false, onGo }: Props) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('nav.main')} className={styles.nav} data-collapsed={collapsed || undefined}>
      {PLACES.map(({ name, to, icon }) => (
        <Link
          key={name}
          to={to}
          title={collapsed ? t(`nav.${name}`) : undefined}
          activeOptions={{ exact: to === '/', includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
          onClick={onGo}
        >
          <span aria-hidden>{icon}</span>
          <span className={styles.word}>{t(`nav.${name}`)}</span>
        </Link>
      ))}
      <div className={styles.outside}>
        <Outside href={MLFLOW} icon={<LineChartOutlined />} word={t('nav.mlflow')} collapsed={collapsed} />
        <Outside href="/docs" icon={<ApiOutlined />} word={t('nav.apiDocs')} collapsed={collapsed} />
      </div>
    </nav>
  )
}

function Outside({
  href,
  icon,
  word,
  collapsed,
}: {
  href: string
  icon: React.ReactNode
  word: string
  collapsed: boolean
}) {
  const { t } = useTranslation()
  return (
    <a href={href} target="_blank" rel="noopener" title={collapsed ? word : undefined}>
      <span aria-hidden>{icon}</span>
      <span className={styles.word}>
        {word} <ExportOutlined aria-hidden className={styles.export} />
        <span className="px-visually-hidden">{t('nav.newTab')}</span>
      </span>
    </a>
  )
}
