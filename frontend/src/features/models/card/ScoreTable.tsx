import { useTranslation } from 'react-i18next'
import { formatMetric } from '@/shared/format/numbers'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { type Score, scores } from '../metrics'

export function ScoreTable({ metrics }: { metrics: Readonly<Record<string, number>> }) {
  const { t } = useTranslation('models')
  const rows = scores(metrics)
  const columns: Column<Score>[] = [
    { key: 'name', title: t('card.metric'), isName: true, render: ({ name }) => name },
    { key: 'value', title: t('card.value'), align: 'right', render: ({ value }) => formatMetric(value) },
    {
      key: 'range',
      title: t('card.range'),
      align: 'right',
      render: ({ low, high }) =>
        low === null || high === null ? '–' : t('card.interval', { low: formatMetric(low), high: formatMetric(high) }),
    },
  ]
  if (rows.length === 0) return null
  return (
    <section>
      <h2>{t('card.metrics')}</h2>
      <DataTable<Score>
        label={t('card.metrics')}
        columns={columns}
        rows={rows}
        rowKey={({ name }) => name}
        rowName={({ name }) => name}
      />
    </section>
  )
}
