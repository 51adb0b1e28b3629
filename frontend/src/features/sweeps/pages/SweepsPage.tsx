import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { SweepView } from '@/shared/api/wire'
import { useSay } from '@/shared/i18n/told'
import { mayCreate, useUser } from '@/shared/session/session'
import { DataTable } from '@/shared/ui/DataTable'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered, EmptyState } from '@/shared/ui/states'
import { sweepsQuery } from '../api/sweepQueries'
import { SweepFilters } from '../components/SweepFilters'
import { sweepColumns } from '../components/sweepColumns'

export default function SweepsPage() {
  const { t } = useTranslation(['sweeps', 'common'])
  const user = useUser()
  const search = useSearch({ from: '/inside/sweeps' })
  const navigate = useNavigate({ from: '/sweeps' })
  const sweeps = useInfiniteQuery(sweepsQuery(search))
  const rows = useMemo(() => sweeps.data?.pages.flatMap((page) => page.items) ?? [], [sweeps.data])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = sweeps
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const say = useSay()
  const columns = useMemo(() => sweepColumns(t, say), [t, say])
  const isFiltered = Object.values(search).some((value) => value !== undefined)
  const start = (
    <Link to="/jobs/new" search={{ sweep: true }} className="px-button">
      {t('new')}
    </Link>
  )
  return (
    <>
      <PageHeader title={t('title')} actions={mayCreate(user) && start} />
      <SweepFilters search={search} />
      <Answered query={sweeps}>
        {() =>
          rows.length > 0 ? (
            <DataTable<SweepView>
              label={t('title')}
              columns={columns}
              rows={rows}
              rowKey={(sweep) => sweep.id}
              rowName={(sweep) => sweep.name}
              onOpen={(sweep) => void navigate({ to: '/sweeps/$sweepId', params: { sweepId: sweep.id } })}
              onEnd={onEnd}
              total={sweeps.data?.pages[0]?.total ?? rows.length}
            />
          ) : (
            <EmptyState text={isFiltered ? t('common:state.noMatch') : t('empty')}>
              {isFiltered && (
                <Button onClick={() => void navigate({ search: {} })}>{t('common:action.clearFilters')}</Button>
              )}
            </EmptyState>
          )
        }
      </Answered>
    </>
  )
}
