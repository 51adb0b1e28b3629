import { UploadOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetView } from '@/shared/api/wire'
import { mayCreate, useUser } from '@/shared/session/session'
import { DataTable } from '@/shared/ui/DataTable'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered, EmptyState } from '@/shared/ui/states'
import { datasetsQuery } from '../api/datasetsQuery'
import { DatasetSearchField } from '../components/DatasetSearchField'
import { datasetColumns } from '../components/datasetColumns'
import { useDroppedFile } from '../upload/useDroppedFile'

const UploadDialog = lazy(() => import('../upload/UploadDialog'))

export default function DataPage() {
  const { t } = useTranslation(['data', 'common'])
  const search = useSearch({ from: '/inside/data' })
  const navigate = useNavigate()
  const may = mayCreate(useUser())
  const [isUploading, setUploading] = useState(false)
  const [dropped, forget] = useDroppedFile(may && !isUploading)
  const datasets = useInfiniteQuery(datasetsQuery(search.q))
  const rows = useMemo(() => datasets.data?.pages.flatMap((page) => page.items) ?? [], [datasets.data])
  const columns = useMemo(() => datasetColumns(t), [t])
  const upload = may && (
    <Button type="primary" icon={<UploadOutlined aria-hidden />} onClick={() => setUploading(true)}>
      {t('uploadData')}
    </Button>
  )
  return (
    <>
      <PageHeader title={t('title')} actions={upload} />
      <DatasetSearchField value={search.q ?? ''} />
      <Answered query={datasets}>
        {() =>
          rows.length === 0 ? (
            <EmptyState text={search.q ? t('common:state.noMatch') : t('empty')}>
              {search.q ? (
                <Button onClick={() => void navigate({ to: '/data' })}>{t('common:action.clearFilters')}</Button>
              ) : (
                upload
              )}
            </EmptyState>
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
      {(isUploading || dropped) && (
        <Suspense>
          <UploadDialog
            dropped={dropped}
            onClose={() => {
              setUploading(false)
              forget()
            }}
          />
        </Suspense>
      )}
    </>
  )
}
