import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { VersionView } from '@/shared/api/wire'
import { formatBytes, formatCount } from '@/shared/format/numbers'
import { ShortId } from '@/shared/ui/CopyButton'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { Answered } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { versionsQuery } from '../api/datasetQueries'
import { Origin } from './Origin'

export default function VersionsTab({ version }: { version: VersionView }) {
  const { t } = useTranslation('data')
  const versions = useQuery(versionsQuery(version.dataset))
  const columns = useMemo<Column<VersionView>[]>(
    () => [
      {
        key: 'version',
        title: t('lineage.version'),
        isName: true,
        render: (row) => (
          <Link to="/data/$name" params={{ name: row.dataset }} search={{ version: row.number }}>
            {t('version', { n: row.number })}
          </Link>
        ),
      },
      { key: 'origin', title: t('lineage.origin'), render: (row) => <Origin version={row} /> },
      {
        key: 'rows',
        title: t('lineage.rows'),
        align: 'right',
        render: (row) => (row.rows === null ? '–' : formatCount(row.rows)),
      },
      { key: 'size', title: t('fact.size'), align: 'right', render: (row) => formatBytes(row.size) },
      { key: 'sha', title: t('fact.checksum'), render: (row) => <ShortId id={row.sha256} /> },
      { key: 'by', title: t('lineage.by'), render: (row) => row.created_by },
      { key: 'created', title: t('column.created'), render: (row) => <TimeAgo at={row.created_at} /> },
    ],
    [t],
  )
  return (
    <Answered query={versions}>
      {(rows) => (
        <DataTable<VersionView>
          label={t('tab.versions')}
          columns={columns}
          rows={[...rows].reverse()}
          rowKey={(row) => String(row.number)}
          rowName={(row) => t('version', { n: row.number })}
        />
      )}
    </Answered>
  )
}
