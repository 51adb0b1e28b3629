import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DependentJob, VersionView } from '@/shared/api/wire'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { ReferenceLink } from '@/shared/ui/ReferenceLink'
import { JobStatus } from '@/shared/ui/Status'
import { Answered } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { dependentsQuery } from '../api/datasetQueries'

/** Jobs that take the dataset in, and datasets that such jobs made. */
export default function UsageTab({ version }: { version: VersionView }) {
  const { t } = useTranslation('data')
  const dependents = useQuery(dependentsQuery(version.dataset))
  const columns = useMemo<Column<DependentJob>[]>(
    () => [
      { key: 'state', title: t('usage.state'), width: '112px', render: (job) => <JobStatus state={job.state} /> },
      {
        key: 'job',
        title: t('usage.job'),
        isName: true,
        render: (job) => (
          <Link to="/jobs/$jobId" params={{ jobId: job.id }}>
            {job.name}
          </Link>
        ),
      },
      { key: 'entry', title: t('usage.entry'), render: (job) => job.entry_point },
      { key: 'version', title: t('usage.version'), align: 'right', render: (job) => job.versions.join(', ') },
      { key: 'owner', title: t('usage.owner'), render: (job) => job.owner },
      { key: 'created', title: t('usage.created'), render: (job) => <TimeAgo at={job.created_at} /> },
    ],
    [t],
  )
  return (
    <Answered query={dependents}>
      {({ jobs, datasets }) => (
        <div className="px-stack">
          <section>
            <h2>{t('usage.jobs')}</h2>
            {jobs.length === 0 ? (
              <p className="px-muted">{t('usage.noJobs')}</p>
            ) : (
              <DataTable<DependentJob>
                label={t('usage.jobs')}
                columns={columns}
                rows={jobs}
                rowKey={(job) => job.id}
                rowName={(job) => job.name}
              />
            )}
          </section>
          <section>
            <h2>{t('usage.datasets')}</h2>
            {datasets.length === 0 ? (
              <p className="px-muted">{t('usage.noDatasets')}</p>
            ) : (
              <ul>
                {datasets.map((reference) => (
                  <li key={reference}>
                    <ReferenceLink reference={reference} />
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
      )}
    </Answered>
  )
}
