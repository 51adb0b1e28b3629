import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { SweepDetail, TrialView } from '@/shared/api/wire'
import { formatMetric } from '@/shared/format/numbers'
import { useSay } from '@/shared/i18n/told'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { EmptyState } from '@/shared/ui/states'
import { sayValue } from '../values'
import { TrialStatus } from './SweepStatus'

/** All trials, the best first; each leads to its job. */
export function TrialsTab({ sweep }: { sweep: SweepDetail }) {
  const { t } = useTranslation('sweeps')
  const navigate = useNavigate()
  const say = useSay()
  const rows = useMemo(() => ranked(sweep), [sweep])
  const columns = useMemo<Column<TrialView>[]>(
    () => [
      { key: 'state', title: t('column.state'), width: '112px', render: (one) => <TrialStatus state={one.state} /> },
      { key: 'number', title: t('trialNumber'), isName: true, render: (one) => <TrialLink trial={one} /> },
      {
        key: 'value',
        title: sweep.metric,
        align: 'right',
        render: (one) => (one.value === null ? '–' : formatMetric(one.value)),
      },
      ...Object.keys(sweep.request.space).map((key) => ({
        key: `point.${key}`,
        title: key,
        render: (one: TrialView) => sayValue(one.point[key]),
      })),
      { key: 'reason', title: t('reason'), render: (one) => say(one.reason_words, one.reason) || '–' },
    ],
    [t, say, sweep],
  )
  if (rows.length === 0) return <EmptyState text={t('noTrials')} />
  return (
    <DataTable<TrialView>
      label={t('column.trials')}
      columns={columns}
      rows={rows}
      rowKey={(one) => String(one.number)}
      rowName={(one) => `#${one.number}`}
      onOpen={(one) => one.job_id && void navigate({ to: '/jobs/$jobId', params: { jobId: one.job_id } })}
    />
  )
}

function TrialLink({ trial }: { trial: TrialView }) {
  const { t } = useTranslation('sweeps')
  const name = trial.finalist === null ? `#${trial.number}` : t('finalOf', { n: trial.finalist, seed: trial.seed ?? 0 })
  if (!trial.job_id) return name
  return (
    <Link to="/jobs/$jobId" params={{ jobId: trial.job_id }}>
      {name}
    </Link>
  )
}

function ranked(sweep: SweepDetail): TrialView[] {
  const sign = sweep.direction === 'minimize' ? 1 : -1
  const score = (trial: TrialView) =>
    trial.state === 'complete' && trial.value !== null ? sign * trial.value : Number.POSITIVE_INFINITY
  return [...sweep.trial_list].sort((a, b) => {
    const [first, second] = [score(a), score(b)]
    return first === second ? a.number - b.number : first - second
  })
}
