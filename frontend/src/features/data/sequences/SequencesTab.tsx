import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordView, VersionView } from '@/shared/api/wire'
import { DataTable } from '@/shared/ui/DataTable'
import { Answered, EmptyState } from '@/shared/ui/states'
import { recordsQuery } from '../api/datasetQueries'
import { ResidueLegend } from '../components/Residues'
import { partOf } from '../part'
import { reportOf } from '../report'
import { filterOf } from '../search'
import { RecordDialog } from './RecordDialog'
import { RecordFilters } from './RecordFilters'
import { recordColumns } from './recordColumns'

/** The records themselves; the filters live in the address. */
export default function SequencesTab({ version }: { version: VersionView }) {
  const { t } = useTranslation(['data', 'common'])
  const search = useSearch({ from: '/inside/data/$name' })
  const navigate = useNavigate({ from: '/data/$name' })
  const [open, setOpen] = useState<RecordView | null>(null)
  const records = useInfiniteQuery(recordsQuery(partOf(version, search.file), filterOf(search)))
  const first = records.data?.pages[0]
  const rows = useMemo(() => records.data?.pages.flatMap((page) => page.items) ?? [], [records.data])
  const columns = useMemo(() => recordColumns(first?.kind ?? 'sequences', rows, t, setOpen), [first?.kind, rows, t])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = records
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  return (
    <>
      <RecordFilters search={search} sets={Object.keys(reportOf(version)?.sets ?? {})} />
      <Answered query={records}>
        {() =>
          first && rows.length > 0 ? (
            <div className="px-stack" style={{ gap: 8 }}>
              <div className="px-row">
                <span className="px-muted">
                  {t('common:state.loadedOf', {
                    shown: first.total.toLocaleString(),
                    total: first.rows.toLocaleString(),
                  })}
                </span>
                {first.kind !== 'variants' && <ResidueLegend />}
              </div>
              <DataTable<RecordView>
                label={t('tab.sequences')}
                columns={columns}
                rows={rows}
                rowKey={(record) => String(record.row)}
                rowName={(record) => record.id}
                onOpen={setOpen}
                onEnd={onEnd}
                total={first.total}
              />
            </div>
          ) : (
            <EmptyState text={t('records.empty')}>
              <Button onClick={() => void navigate({ search: ({ tab, version, file }) => ({ tab, version, file }) })}>
                {t('common:action.clearFilters')}
              </Button>
            </EmptyState>
          )
        }
      </Answered>
      {open && <RecordDialog record={open} onClose={() => setOpen(null)} />}
    </>
  )
}
