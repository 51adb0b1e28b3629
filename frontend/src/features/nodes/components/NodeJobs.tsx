import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { JobView, NodeView } from '@/shared/api/wire'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { JobStatus } from '@/shared/ui/Status'
import { Answered } from '@/shared/ui/states'
import { Elapsed } from '@/shared/ui/TimeAgo'
import { jobsQuery } from '../api/queries'

/** What runs on the node now, and the way to all that ever did. */
export function NodeJobs({ node }: { node: NodeView }) {
  const { t } = useTranslation(['nodes', 'common'])
  const jobs = useQuery(jobsQuery(node.id))
  const columns: Column<JobView>[] = [
    { key: 'state', title: t('job.state'), width: '112px', render: (job) => <JobStatus state={job.state} /> },
    {
      key: 'name',
      title: t('job.name'),
      isName: true,
      render: (job) => (
        <Link to="/jobs/$jobId" params={{ jobId: job.id }}>
          {job.name}
        </Link>
      ),
    },
    { key: 'owner', title: t('job.owner'), render: (job) => job.owner },
    {
      key: 'took',
      title: t('job.took'),
      align: 'right',
      render: (job) => <Elapsed from={job.started_at} to={job.ended_at} />,
    },
  ]
  return (
    <section aria-labelledby="jobs">
      <h2 id="jobs">{t('jobsNow')}</h2>
      <Answered query={jobs}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="px-muted">{t('noJobs')}</p>
          ) : (
            <DataTable
              label={t('jobsNow')}
              columns={columns}
              rows={items}
              rowKey={(job) => job.id}
              rowName={(job) => job.name}
            />
          )
        }
      </Answered>
      <p style={{ marginBottom: 0 }}>
        <Link to="/jobs" search={{ node: node.name }}>
          {t('allJobs')}
        </Link>
      </p>
    </section>
  )
}
