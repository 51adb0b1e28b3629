import { Link, useParams } from '@tanstack/react-router'
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { NodeView } from '@/shared/api/wire'
import { useSay } from '@/shared/i18n/told'
import { PageHeader } from '@/shared/ui/PageHeader'
import { NodeHealthStatus } from '@/shared/ui/Status'
import { Answered } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { useNode } from '../api/useNode'
import { GpuCards } from '../components/GpuCards'
import { HistoryCharts } from '../components/HistoryCharts'
import { Machine } from '../components/Machine'
import { NodeActions } from '../components/NodeActions'
import { NodeJobs } from '../components/NodeJobs'

export default function NodePage() {
  const { nodeId } = useParams({ from: '/inside/nodes/$nodeId' })
  const node = useNode(nodeId)
  return <Answered query={node}>{(view) => <Node node={view} />}</Answered>
}

function Node({ node }: { node: NodeView }) {
  const { t } = useTranslation(['nodes', 'common'])
  const say = useSay()
  return (
    <>
      <PageHeader
        title={node.name}
        crumbs={<Link to="/nodes">{t('title')}</Link>}
        extra={
          <>
            <NodeHealthStatus health={node.health} />
            {node.state !== 'active' && <Tag>{t(`common:nodeState.${node.state}`)}</Tag>}
            <span className="px-muted">
              {t('column.seen')}: <TimeAgo at={node.last_heartbeat_at} />
            </span>
          </>
        }
        actions={<NodeActions node={node} />}
      />
      {node.reason && <p>{say(node.reason_words, node.reason)}</p>}
      <div className="px-stack">
        <GpuCards node={node} />
        <NodeJobs node={node} />
        <HistoryCharts node={node} />
        <Machine node={node} />
      </div>
    </>
  )
}
