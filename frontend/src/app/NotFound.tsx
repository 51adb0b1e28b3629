import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '@/shared/ui/PageHeader'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <main style={{ padding: 24 }}>
      <PageHeader title={t('notFound.title')} />
      <p>{t('notFound.hint')}</p>
      <Link to="/">{t('notFound.home')}</Link>
    </main>
  )
}
