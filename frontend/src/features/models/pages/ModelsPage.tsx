import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { listModels, type ModelView } from '@/shared/api/wire'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered, EmptyState } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'

export default function ModelsPage() {
  const { t } = useTranslation(['models', 'common'])
  const navigate = useNavigate()
  const models = useQuery({ queryKey: ['models'], queryFn: ({ signal }) => listModels({ signal }) })
  const columns = useMemo<Column<ModelView>[]>(
    () => [
      {
        key: 'name',
        title: t('column.name'),
        isName: true,
        render: (row) => (
          <Link to="/models/$name" params={{ name: row.name }}>
            {row.name}
          </Link>
        ),
      },
      { key: 'version', title: t('column.version'), align: 'right', render: (row) => row.latest?.version ?? '–' },
      { key: 'created', title: t('column.created'), render: (row) => <TimeAgo at={row.latest?.created_at} /> },
    ],
    [t],
  )
  return (
    <>
      <PageHeader title={t('title')} />
      <Answered query={models}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState text={t('empty')} />
          ) : (
            <DataTable<ModelView>
              label={t('title')}
              columns={columns}
              rows={rows}
              rowKey={(row) => row.name}
              rowName={(row) => row.name}
              onOpen={(row) => void navigate({ to: '/models/$name', params: { name: row.name } })}
            />
          )
        }
      </Answered>
    </>
  )
}
