import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useNodes } from '@/shared/api/nodes'
import type { NodeView } from '@/shared/api/wire'
import { formatBytes } from '@/shared/format/numbers'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { PageHeader } from '@/shared/ui/PageHeader'
import { NodeHealthStatus } from '@/shared/ui/Status'
import { Answered, EmptyState } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'

export default function NodesPage() {
  const { t } = useTranslation(['nodes', 'common'])
  const nodes = useNodes()
  const navigate = useNavigate()
  const columns = useMemo<Column<NodeView>[]>(
    () => [
      { key: 'health', title: t('column.health'), render: (node) => <NodeHealthStatus health={node.health} /> },
      {
        key: 'name',
        title: t('column.name'),
        isName: true,
        render: (node) => (
          <Link to="/nodes/$nodeId" params={{ nodeId: node.id }}>
            {node.name}
          </Link>
        ),
      },
      { key: 'state', title: t('column.state'), render: (node) => t(`common:nodeState.${node.state}`) },
      {
        key: 'gpus',
        title: t('column.gpus'),
        align: 'right',
        render: (node) => `${node.gpus_free} / ${node.info.gpus?.length ?? 0}`,
      },
      {
        key: 'memory',
        title: t('column.memory'),
        align: 'right',
        render: (node) => formatBytes(node.memory_free_bytes),
      },
      { key: 'jobs', title: t('column.jobs'), align: 'right', render: (node) => node.jobs.length },
      { key: 'seen', title: t('column.seen'), render: (node) => <TimeAgo at={node.last_heartbeat_at} /> },
    ],
    [t],
  )
  return (
    <>
      <PageHeader title={t('title')} />
      <Answered query={nodes}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState text={t('empty')} />
          ) : (
            <DataTable<NodeView>
              label={t('title')}
              columns={columns}
              rows={rows}
              rowKey={(node) => node.id}
              rowName={(node) => node.name}
              onOpen={(node) => void navigate({ to: '/nodes/$nodeId', params: { nodeId: node.id } })}
            />
          )
        }
      </Answered>
    </>
  )
}
