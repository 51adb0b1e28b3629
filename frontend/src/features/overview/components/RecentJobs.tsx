import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { JobView } from '@/shared/api/wire'
import { mayCreate, useUser } from '@/shared/session/session'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { JobStatus } from '@/shared/ui/Status'
import { Answered, EmptyState } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { useSomeJobs } from '../api/useOverview'

const SHOWN = 8

export function RecentJobs() {
  const { t } = useTranslation(['overview', 'common'])
  const user = useUser()
  const jobs = useSomeJobs({ owner: user.name, limit: SHOWN })
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
    { key: 'data', title: t('column.data'), render: (job) => Object.values(job.inputs).join(', ') || '–' },
    { key: 'created', title: t('column.created'), render: (job) => <TimeAgo at={job.created_at} /> },
  ]
  return (
    <section aria-labelledby="recent">
      <h2 id="recent">{t('recent')}</h2>
      <Answered query={jobs}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState text={t('noJobs')}>
              {mayCreate(user) && <Link to="/jobs/new">{t('common:action.newJob')}</Link>}
            </EmptyState>
          ) : (
            <DataTable
              label={t('recent')}
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
