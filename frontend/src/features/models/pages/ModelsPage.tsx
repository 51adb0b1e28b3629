import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelView } from '@/shared/api/wire'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered, EmptyState } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { modelsQuery } from '../api/modelQueries'
import { VersionScore } from '../components/VersionScore'
import { Endpoints } from '../endpoints/Endpoints'

export default function ModelsPage() {
  const { t } = useTranslation(['models', 'common'])
  const navigate = useNavigate()
  const models = useQuery(modelsQuery)
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
      { key: 'version', title: t('column.latest'), align: 'right', render: (row) => row.latest?.version ?? '–' },
      {
        key: 'aliases',
        title: t('column.aliases'),
        render: ({ aliases = {} }) =>
          Object.entries(aliases)
            .map(([alias, version]) => `${alias} → ${version}`)
            .join(', ') || '–',
      },
      {
        key: 'score',
        title: t('column.metric'),
        align: 'right',
        render: (row) => <VersionScore jobId={row.latest?.job_id ?? null} />,
      },
      { key: 'owner', title: t('column.owner'), render: (row) => row.owner || '–' },
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
            <EmptyState text={t('empty')}>
              <Link to="/jobs" search={{ state: ['succeeded'] }}>
                {t('toJobs')}
              </Link>
            </EmptyState>
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
      <Endpoints />
    </>
  )
}
