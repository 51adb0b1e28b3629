import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobView } from '@/shared/api/wire'
import { useSay } from '@/shared/i18n/told'
import { DataTable } from '@/shared/ui/DataTable'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered, EmptyState } from '@/shared/ui/states'
import { useJobs } from '../api/useJobs'
import { BulkActions } from '../components/BulkActions'
import { JobFilters } from '../components/JobFilters'
import { jobColumns } from '../components/jobColumns'
import { mainMetric, metricKeys } from '../metrics'

export default function JobsPage() {
  const { t } = useTranslation(['jobs', 'common'])
  const search = useSearch({ from: '/inside/jobs' })
  const navigate = useNavigate({ from: '/jobs' })
  const jobs = useJobs(search)
  const [selected, setSelected] = useState<Set<string>>(new Set())
  const rows = useMemo(() => jobs.data?.pages.flatMap((page) => page.items) ?? [], [jobs.data])
  const total = jobs.data?.pages[0]?.total ?? rows.length
  const keys = useMemo(() => metricKeys(rows), [rows])
  const metric = search.metric ?? mainMetric(keys)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = jobs
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const isFiltered = Object.entries(search).some(
    ([key, value]) => key !== 'metric' && key !== 'order' && value !== undefined,
  )
  const say = useSay()
  const columns = useMemo(() => jobColumns(t, say, metric), [t, say, metric])

  return (
    <>
      <PageHeader
        title={t('title')}
        extra={<span className="px-muted">{t('common:state.loadedOf', { shown: rows.length, total })}</span>}
        actions={
          <BulkActions selected={rows.filter((job) => selected.has(job.id))} onDone={() => setSelected(new Set())} />
        }
      />
      <JobFilters search={search} metricKeys={keys} metric={metric} />
      <Answered query={jobs}>
        {() =>
          rows.length > 0 ? (
            <DataTable<JobView>
              label={t('title')}
              columns={columns}
              rows={rows}
              rowKey={(job) => job.id}
              rowName={(job) => job.name}
              onOpen={(job) => void navigate({ to: '/jobs/$jobId', params: { jobId: job.id } })}
              selection={{ selected, onChange: setSelected }}
              onEnd={onEnd}
              total={total}
            />
          ) : isFiltered ? (
            <EmptyState text={t('common:state.noMatch')}>
              <Button onClick={() => void navigate({ search: {} })}>{t('common:action.clearFilters')}</Button>
            </EmptyState>
          ) : (
            <EmptyState text={t('empty')}>
              <Link to="/jobs/new">{t('common:action.newJob')}</Link>
            </EmptyState>
          )
        }
      </Answered>
    </>
  )
}
