import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import type { SweepView } from '@/shared/api/wire'
import { formatMetric } from '@/shared/format/numbers'
import type { Say } from '@/shared/i18n/told'
import type { Column } from '@/shared/ui/DataTable'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { SweepStatus } from './SweepStatus'

export function sweepColumns(t: TFunction<'sweeps'>, say: Say): Column<SweepView>[] {
  return [
    { key: 'state', title: t('column.state'), width: '112px', render: (sweep) => <SweepStatus state={sweep.state} /> },
    {
      key: 'name',
      title: t('column.name'),
      isName: true,
      render: (sweep) => (
        <Link
          to="/sweeps/$sweepId"
          params={{ sweepId: sweep.id }}
          title={say(sweep.reason_words, sweep.reason) || undefined}
        >
          {sweep.name}
        </Link>
      ),
    },
    { key: 'project', title: t('column.project'), render: (sweep) => sweep.project },
    {
      key: 'trials',
      title: t('column.trials'),
      align: 'right',
      render: (sweep) => `${ended(sweep)} / ${sweep.max_trials}`,
    },
    {
      key: 'best',
      title: t('column.best'),
      align: 'right',
      render: (sweep) => (sweep.best ? `${sweep.metric} ${formatMetric(sweep.best.value)}` : '–'),
    },
    { key: 'owner', title: t('column.owner'), render: (sweep) => sweep.owner },
    { key: 'created', title: t('column.created'), render: (sweep) => <TimeAgo at={sweep.created_at} /> },
  ]
}

/** Trials that have come to an end, whichever. */
export function ended(sweep: SweepView): number {
  const { waiting = 0, live = 0, ...over } = sweep.trials
  return Object.values(over).reduce((total, number) => total + number, 0)
}
