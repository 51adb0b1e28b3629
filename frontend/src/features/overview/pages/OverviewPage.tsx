import { useTranslation } from 'react-i18next'
import { PageHeader } from '@/shared/ui/PageHeader'
import { useJobNews } from '../api/useOverview'
import { Attention } from '../components/Attention'
import { Figures } from '../components/Figures'
import { RecentJobs } from '../components/RecentJobs'
import { Running } from '../components/Running'
import { Waiting } from '../components/Waiting'

/** What one wants to know before anything else: does it run, does it wait and why, does something need me. */
export default function OverviewPage() {
  const { t } = useTranslation('overview')
  useJobNews()
  return (
    <>
      <PageHeader title={t('title')} />
      <div className="px-stack">
        <Figures />
        <Attention />
        <Running />
        <Waiting />
        <RecentJobs />
      </div>
    </>
  )
}
