import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import type { TFunction } from 'i18next'
import type { NodeView } from '@/shared/api/wire'
import { formatBytes, formatPercent } from '@/shared/format/numbers'
import { sentence } from '@/shared/i18n/told'
import type { Column } from '@/shared/ui/DataTable'
import { Meter } from '@/shared/ui/Meter'
import { NodeHealthStatus } from '@/shared/ui/Status'
import { TimeAgo } from '@/shared/ui/TimeAgo'

export function nodeColumns(t: TFunction<['nodes', 'common']>): Column<NodeView>[] {
  return [
    {
      key: 'health',
      title: t('column.health'),
      width: '100px',
      render: (node) => <NodeHealthStatus health={node.health} />,
    },
    { key: 'name', title: t('column.name'), isName: true, render: (node) => <Name node={node} t={t} /> },
    { key: 'gpus', title: t('column.gpus'), render: (node) => <Gpus node={node} t={t} /> },
    { key: 'cpu', title: t('column.cpu'), render: (node) => <Cpu node={node} t={t} /> },
    { key: 'memory', title: t('column.memory'), render: (node) => <Memory node={node} t={t} /> },
    {
      key: 'disk',
      title: t('column.disk'),
      render: (node) => (node.sample ? formatBytes(node.sample.disk_free_bytes) : '–'),
      align: 'right',
    },
    { key: 'jobs', title: t('column.jobs'), align: 'right', render: (node) => node.jobs.length },
    { key: 'seen', title: t('column.seen'), render: (node) => <TimeAgo at={node.last_heartbeat_at} /> },
  ]
}

interface CellProps {
  node: NodeView
  t: TFunction<['nodes', 'common']>
}

function Name({ node, t }: CellProps) {
  return (
    <>
      <Link to="/nodes/$nodeId" params={{ nodeId: node.id }}>
        {node.name}
      </Link>{' '}
      {node.state !== 'active' && (
        <Tag title={sentence(node.reason_words, node.reason, t as unknown as TFunction<'told'>)}>
          {t(`common:nodeState.${node.state}`)}
        </Tag>
      )}
    </>
  )
}

function Gpus({ node, t }: CellProps) {
  const all = node.info.gpus?.length ?? 0
  if (all === 0) return <span className="px-muted">{t('cpuOnly')}</span>
  const used = all - node.gpus_free
  return <Meter label={t('column.gpus')} value={used} max={all} text={`${used} / ${all}`} warnAt={2} />
}

function Cpu({ node, t }: CellProps) {
  if (!node.sample) return '–'
  const { cpu_percent } = node.sample
  return (
    <Meter label={t('column.cpu')} value={cpu_percent} max={100} text={formatPercent(cpu_percent / 100)} warnAt={2} />
  )
}

function Memory({ node, t }: CellProps) {
  if (!node.sample) return '–'
  const [used, all] = [node.sample.memory_used_bytes, node.info.memory_bytes]
  return <Meter label={t('column.memory')} value={used} max={all} text={`${formatBytes(used)} / ${formatBytes(all)}`} />
}
