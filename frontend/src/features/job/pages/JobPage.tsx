import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobDetail } from '@/shared/api/wire'
import { ShortId } from '@/shared/ui/CopyButton'
import { PageHeader } from '@/shared/ui/PageHeader'
import { JobStatus } from '@/shared/ui/Status'
import { Answered, Loading } from '@/shared/ui/states'
import { TabBar } from '@/shared/ui/TabBar'
import { Elapsed } from '@/shared/ui/TimeAgo'
import { useJob } from '../api/useJob'
import { EventsTab } from '../components/EventsTab'
import { JobActions } from '../components/JobActions'
import { SummaryTab } from '../components/SummaryTab'
import { JOB_TABS, type JobTab } from '../search'

const LogsTab = lazy(() => import('../logs/LogsTab'))
const MetricsTab = lazy(() => import('../metrics/MetricsTab'))
const ArtifactsTab = lazy(() => import('../artifacts/ArtifactsTab'))
const ConfigTab = lazy(() => import('../components/ConfigTab'))

const VIEWS: Record<JobTab, (props: { job: JobDetail }) => React.ReactNode> = {
  summary: SummaryTab,
  logs: LogsTab,
  metrics: MetricsTab,
  artifacts: ArtifactsTab,
  config: ConfigTab,
  events: EventsTab,
}

export default function JobPage() {
  const { jobId } = useParams({ from: '/inside/jobs/$jobId' })
  const job = useJob(jobId)
  return <Answered query={job}>{(detail) => <JobView key={jobId} job={detail} />}</Answered>
}

function JobView({ job }: { job: JobDetail }) {
  const { t } = useTranslation(['job', 'common'])
  const { tab = 'summary' } = useSearch({ from: '/inside/jobs/$jobId' })
  const navigate = useNavigate({ from: '/jobs/$jobId' })
  const View = VIEWS[tab]
  return (
    <>
      <PageHeader
        title={job.name}
        crumbs={<Link to="/jobs">{t('common:nav.jobs')}</Link>}
        extra={
          <>
            <JobStatus state={job.state} />
            <Elapsed from={job.started_at} to={job.ended_at} />
            <ShortId id={job.id} />
          </>
        }
        actions={<JobActions job={job} />}
      />
      <TabBar
        label={job.name}
        tabs={JOB_TABS.map((key) => ({ key, label: t(`tab.${key}`) }))}
        active={tab}
        onChange={(key) => void navigate({ search: { tab: key } })}
      />
      <Suspense fallback={<Loading />}>
        <View job={job} />
      </Suspense>
    </>
  )
}
