import { Link } from '@tanstack/react-router'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelVersionView, ModelView } from '@/shared/api/wire'
import { mayChange, useUser } from '@/shared/session/session'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { AliasDialog } from './AliasDialog'
import { RemoveAlias } from './RemoveAlias'
import { VersionScore } from './VersionScore'

interface Props {
  model: ModelView
  versions: ModelVersionView[]
}

export function VersionsTab({ model, versions }: Props) {
  const { t } = useTranslation('models')
  const isOwn = mayChange(useUser(), model.owner ?? '')
  const [moving, setMoving] = useState<ModelVersionView | null>(null)
  const [removing, setRemoving] = useState<[ModelVersionView, string] | null>(null)
  const columns: Column<ModelVersionView>[] = [
    {
      key: 'version',
      title: t('column.version'),
      isName: true,
      render: (row) => (
        <Link to="/models/$name" params={{ name: row.name }} search={{ tab: 'card', version: row.version }}>
          {t('version', { n: row.version })}
        </Link>
      ),
    },
    {
      key: 'aliases',
      title: t('column.aliases'),
      render: (row) => (
        <span className="px-row">
          {row.aliases.map((alias) =>
            isOwn ? (
              <Button
                key={alias}
                size="small"
                aria-label={t('alias.remove', { alias })}
                onClick={() => setRemoving([row, alias])}
              >
                {alias} ×
              </Button>
            ) : (
              <Tag key={alias}>{alias}</Tag>
            ),
          )}
          {!isOwn && row.aliases.length === 0 && '–'}
          {isOwn && (
            <Button size="small" type="dashed" onClick={() => setMoving(row)}>
              {t('alias.set')}
            </Button>
          )}
        </span>
      ),
    },
    { key: 'score', title: t('column.metric'), align: 'right', render: (row) => <VersionScore jobId={row.job_id} /> },
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
  ]
  return (
    <>
      <DataTable<ModelVersionView>
        label={t('tab.versions')}
        columns={columns}
        rows={versions}
        rowKey={(row) => row.version}
        rowName={(row) => t('version', { n: row.version })}
      />
      {moving && <AliasDialog model={model} versions={versions} version={moving} onClose={() => setMoving(null)} />}
      {removing && <RemoveAlias version={removing[0]} alias={removing[1]} onClose={() => setRemoving(null)} />}
    </>
  )
}
