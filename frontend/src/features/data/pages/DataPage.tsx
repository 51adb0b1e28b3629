import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetView } from '@/shared/api/wire'
import { formatBytes, formatCount } from '@/shared/format/numbers'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered, EmptyState } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { datasetsQuery } from '../api/datasetsQuery'

export default function DataPage() {
  const { t } = useTranslation(['data', 'common'])
  const search = useSearch({ from: '/inside/data' })
  const navigate = useNavigate()
  const datasets = useInfiniteQuery(datasetsQuery(search.q))
  const rows = useMemo(() => datasets.data?.pages.flatMap((page) => page.items) ?? [], [datasets.data])
  const columns = useMemo<Column<DatasetView>[]>(
    () => [
      {
        key: 'name',
        title: t('column.name'),
        isName: true,
        render: (row) => (
          <Link to="/data/$name" params={{ name: row.name }}>
            {row.name}
          </Link>
        ),
      },
      { key: 'kind', title: t('column.kind'), render: (row) => row.latest?.kind ?? '–' },
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
    ],
    [t],
  )
  return (
    <>
      <PageHeader title={t('title')} />
      <Answered query={datasets}>
        {() =>
          rows.length === 0 ? (
            <EmptyState text={search.q ? t('common:state.noMatch') : t('empty')} />
          ) : (
            <DataTable<DatasetView>
              label={t('title')}
              columns={columns}
              rows={rows}
              rowKey={(row) => row.name}
              rowName={(row) => row.name}
              onOpen={(row) => void navigate({ to: '/data/$name', params: { name: row.name } })}
              onEnd={() => {
                if (datasets.hasNextPage && !datasets.isFetchingNextPage) void datasets.fetchNextPage()
              }}
            />
          )
        }
      </Answered>
    </>
  )
}
