import { useQueries } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type JobDetail, readJob } from '@/shared/api/wire'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { PageHeader } from '@/shared/ui/PageHeader'
import { JobStatus } from '@/shared/ui/Status'
import { EmptyState } from '@/shared/ui/states'

export default function ComparePage() {
  const { t } = useTranslation(['compare', 'common'])
  const { jobs = [] } = useSearch({ from: '/inside/compare' })
  const answers = useQueries({
    queries: jobs.map((id) => ({ queryKey: ['jobs', id], queryFn: () => readJob(id) })),
  })
  const rows = answers.flatMap((answer) => (answer.data ? [answer.data] : []))
  const columns = useMemo<Column<JobDetail>[]>(
    () => [
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
      { key: 'state', title: t('column.state'), render: (job) => <JobStatus state={job.state} /> },
      { key: 'overrides', title: t('column.overrides'), render: (job) => job.overrides.join(' ') || '–' },
    ],
    [t],
  )
  return (
    <>
      <PageHeader title={t('title')} />
      {jobs.length === 0 ? (
        <EmptyState text={t('empty')}>
          <Link to="/jobs">{t('common:nav.jobs')}</Link>
        </EmptyState>
      ) : (
        <DataTable<JobDetail>
          label={t('title')}
          columns={columns}
          rows={rows}
          rowKey={(job) => job.id}
          rowName={(job) => job.name}
        />
      )}
    </>
  )
}
