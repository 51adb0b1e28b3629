import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import type { DatasetView } from '@/shared/api/wire'
import { formatBytes, formatCount } from '@/shared/format/numbers'
import type { Column } from '@/shared/ui/DataTable'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { kindWord } from '../words'
import { FindingCounts } from './FindingCounts'

export function datasetColumns(t: TFunction<['data', 'common']>): Column<DatasetView>[] {
  return [
    {
      key: 'name',
      title: t('column.name'),
      isName: true,
      render: (row) => (
        <Link to="/data/$name" params={{ name: row.name }} title={row.description || undefined}>
          {row.name}
        </Link>
      ),
    },
    { key: 'kind', title: t('column.kind'), render: (row) => (row.latest ? kindWord(row.latest.kind, t) : '–') },
    { key: 'quality', title: t('tab.overview'), render: (row) => row.latest && <FindingCounts version={row.latest} /> },
    {
      key: 'rows',
      title: t('column.rows'),
      align: 'right',
      render: (row) => (row.latest?.rows == null ? '–' : formatCount(row.latest.rows)),
    },
    { key: 'size', title: t('column.size'), align: 'right', render: (row) => formatBytes(row.latest?.size ?? 0) },
    { key: 'versions', title: t('column.versions'), align: 'right', render: (row) => row.versions },
    { key: 'owner', title: t('column.owner'), render: (row) => row.owner },
    { key: 'created', title: t('column.created'), render: (row) => <TimeAgo at={row.created_at} /> },
  ]
}
