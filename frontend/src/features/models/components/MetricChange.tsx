import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ModelVersionView } from '@/shared/api/wire'
import { formatMetric } from '@/shared/format/numbers'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { makerQuery } from '../api/modelQueries'
import { type Score, scores } from '../metrics'

const SHOWN = 6

/** The test scores of two versions beside each other; nothing where either has none. */
export function MetricChange({ before, after }: { before: ModelVersionView; after: ModelVersionView }) {
  const { t } = useTranslation('models')
  const [old, fresh] = [useQuery(makerQuery(before.job_id)).data, useQuery(makerQuery(after.job_id)).data]
  const known = old?.metrics ?? {}
  const rows = scores(fresh?.metrics ?? {})
    .filter(({ name }) => name in known)
    .slice(0, SHOWN)
  if (rows.length === 0) return null
  const was = ({ name }: Score) => known[name] ?? Number.NaN
  const columns: Column<Score>[] = [
    { key: 'name', title: t('alias.metric'), isName: true, render: ({ name }) => name },
    {
      key: 'before',
      title: t('alias.current', { n: before.version }),
      align: 'right',
      render: (row) => formatMetric(was(row)),
    },
    {
      key: 'after',
      title: t('alias.next', { n: after.version }),
      align: 'right',
      render: ({ value }) => formatMetric(value),
    },
    { key: 'change', title: t('alias.change'), align: 'right', render: (row) => signed(row.value - was(row)) },
  ]
  return (
    <DataTable<Score>
      label={t('alias.compare')}
      columns={columns}
      rows={rows}
      rowKey={({ name }) => name}
      rowName={({ name }) => name}
    />
  )
}

function signed(change: number): string {
  return change > 0 ? `+${formatMetric(change)}` : formatMetric(change)
}
