import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  title: string
  /** Beside the title: a status, an id. */
  extra?: ReactNode
  /** Links back up. */
  crumbs?: ReactNode
  actions?: ReactNode
}

/** Each page's one `h1`; the browser's tab has its words too. */
export function PageHeader({ title, extra, crumbs, actions }: Props) {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = `${title} · ${t('appName')}`
  }, [title, t])
  return (
    <header className="px-page-header">
      {crumbs && <div className="px-crumbs">{crumbs}</div>}
      <div className="px-page-title">
        <h1>{title}</h1>
        {extra}
        <div className="px-page-actions">{actions}</div>
      </div>
    </header>
  )
}
