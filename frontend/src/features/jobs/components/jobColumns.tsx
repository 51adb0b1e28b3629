import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import type { JobView } from '@/shared/api/wire'
import { formatMetric } from '@/shared/format/numbers'
import type { Say } from '@/shared/i18n/told'
import type { Column } from '@/shared/ui/DataTable'
import { JobStatus } from '@/shared/ui/Status'
import { Elapsed, TimeAgo } from '@/shared/ui/TimeAgo'

export function jobColumns(t: TFunction<['jobs', 'common']>, say: Say, metric: string | undefined): Column<JobView>[] {
  return [
    { key: 'state', title: t('column.state'), width: '112px', render: (job) => <JobStatus state={job.state} /> },
    {
      key: 'name',
      title: t('column.name'),
      isName: true,
      render: (job) => (
        <Link to="/jobs/$jobId" params={{ jobId: job.id }} title={say(job.reason_words, job.reason) || undefined}>
          {job.name}
        </Link>
      ),
    },
    { key: 'project', title: t('column.project'), render: (job) => `${job.project} · ${job.entry_point}` },
    { key: 'data', title: t('column.data'), render: (job) => Object.values(job.inputs).join(', ') || '–' },
    ...(metric ? [metricColumn(metric)] : []),
    { key: 'node', title: t('column.node'), render: (job) => job.nodes?.join(', ') || '–' },
    { key: 'owner', title: t('column.owner'), render: (job) => job.owner },
    { key: 'created', title: t('column.created'), render: (job) => <TimeAgo at={job.created_at} /> },
    {
      key: 'took',
      title: t('column.took'),
      align: 'right',
      render: (job) => <Elapsed from={job.started_at} to={job.ended_at} />,
    },
  ]
}

function metricColumn(metric: string): Column<JobView> {
  return {
    key: 'metric',
    title: metric,
    align: 'right',
    render: (job) => {
      const value = job.metrics?.[metric]
      return value === undefined ? '–' : formatMetric(value)
    },
  }
}
