import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { JobView } from '@/shared/api/wire'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { JobStatus } from '@/shared/ui/Status'
import { Answered } from '@/shared/ui/states'
import { Elapsed } from '@/shared/ui/TimeAgo'
import { useSomeJobs } from '../api/useOverview'

const SHOWN = 10

/** Whose jobs run where, the newest ones. */
export function Running() {
  const { t } = useTranslation('overview')
  const jobs = useSomeJobs({ state: ['running', 'scheduled', 'cancelling'], limit: SHOWN })
  const columns: Column<JobView>[] = [
    { key: 'state', title: t('column.state'), width: '112px', render: (job) => <JobStatus state={job.state} /> },
    {
      key: 'name',
      title: t('column.name'),
      isName: true,
      render: (job) => (
        <Link to="/jobs/$jobId" params={{ jobId: job.id }}>
          {job.name}
        </Link>
      ),
    },
    { key: 'node', title: t('column.node'), render: (job) => job.nodes?.join(', ') || '–' },
    { key: 'owner', title: t('column.owner'), render: (job) => job.owner },
    {
      key: 'took',
      title: t('column.took'),
      align: 'right',
      render: (job) => <Elapsed from={job.started_at} to={job.ended_at} />,
    },
  ]
  return (
    <section aria-labelledby="running">
      <h2 id="running">{t('runningNow')}</h2>
      <Answered query={jobs}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="px-muted">{t('nothingRuns')}</p>
          ) : (
            <DataTable
              label={t('runningNow')}
              columns={columns}
              rows={items}
              rowKey={(job) => job.id}
              rowName={(job) => job.name}
            />
          )
        }
      </Answered>
    </section>
  )
}
