import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { listModelVersions, type ModelVersionView } from '@/shared/api/wire'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'

export default function ModelPage() {
  const { t } = useTranslation(['models', 'common'])
  const { name } = useParams({ from: '/inside/models/$name' })
  const versions = useQuery({
    queryKey: ['models', name, 'versions'],
    queryFn: ({ signal }) => listModelVersions(name, { signal }),
  })
  const columns = useMemo<Column<ModelVersionView>[]>(
    () => [
      { key: 'version', title: t('column.version'), isName: true, render: (row) => row.version },
      { key: 'aliases', title: t('column.aliases'), render: (row) => row.aliases.join(', ') || '–' },
      {
        key: 'job',
        title: t('column.job'),
        render: (row) =>
          row.job_id ? (
            <Link to="/jobs/$jobId" params={{ jobId: row.job_id }}>
              {row.job_id.slice(0, 8)}
            </Link>
          ) : (
            '–'
          ),
      },
      { key: 'created', title: t('column.created'), render: (row) => <TimeAgo at={row.created_at} /> },
    ],
    [t],
  )
  return (
    <>
      <PageHeader title={name} crumbs={<Link to="/models">{t('title')}</Link>} />
      <Answered query={versions}>
        {(rows) => (
          <DataTable<ModelVersionView>
            label={name}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.version}
            rowName={(row) => row.version}
          />
        )}
      </Answered>
    </>
  )
}
