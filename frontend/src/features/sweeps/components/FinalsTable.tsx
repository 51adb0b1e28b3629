import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { FinalistView, SweepDetail } from '@/shared/api/wire'
import { formatMetric } from '@/shared/format/numbers'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { sayPoint } from '../values'

/** The finalists with mean and spread over their seeds, the best mean first. */
export function FinalsTable({ sweep }: { sweep: SweepDetail }) {
  const { t } = useTranslation('sweeps')
  const columns = useMemo<Column<FinalistView>[]>(
    () => [
      { key: 'number', title: t('trialNumber'), isName: true, width: '90px', render: (one) => `#${one.number}` },
      { key: 'mean', title: t('mean'), align: 'right', render: (one) => say(one.mean) },
      { key: 'spread', title: t('spread'), align: 'right', render: (one) => say(one.spread) },
      {
        key: 'seeds',
        title: t('seedsDone'),
        align: 'right',
        render: (one) => `${one.values.length} / ${sweep.request.seeds?.length ?? 0}`,
      },
      { key: 'point', title: t('point'), render: (one) => <code>{sayPoint(one.point)}</code> },
    ],
    [t, sweep],
  )
  return (
    <section aria-labelledby="finals">
      <h2 id="finals">{t('finals')}</h2>
      <DataTable<FinalistView>
        label={t('finals')}
        columns={columns}
        rows={sweep.finals}
        rowKey={(one) => String(one.number)}
        rowName={(one) => `#${one.number}`}
      />
    </section>
  )
}

function say(value: number | null): string {
  return value === null ? '–' : formatMetric(value)
}
