import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Descriptions } from 'antd'
import { useTranslation } from 'react-i18next'
import { readNode } from '@/shared/api/wire'
import { formatBytes } from '@/shared/format/numbers'
import { PageHeader } from '@/shared/ui/PageHeader'
import { NodeHealthStatus } from '@/shared/ui/Status'
import { Answered } from '@/shared/ui/states'

export default function NodePage() {
  const { t } = useTranslation(['nodes', 'common'])
  const { nodeId } = useParams({ from: '/inside/nodes/$nodeId' })
  const node = useQuery({
    queryKey: ['nodes', nodeId],
    queryFn: ({ signal }) => readNode(nodeId, { signal }),
    refetchInterval: 10_000,
  })
  return (
    <Answered query={node}>
      {(view) => (
        <>
          <PageHeader
            title={view.name}
            extra={<NodeHealthStatus health={view.health} />}
            crumbs={<Link to="/nodes">{t('title')}</Link>}
          />
          <Descriptions bordered size="small" column={1}>
            <Descriptions.Item label={t('column.gpus')}>
              {view.info.gpus?.map((gpu) => `${gpu.name} (${formatBytes(gpu.memory_bytes)})`).join(', ') ||
                t('common:state.none')}
            </Descriptions.Item>
            <Descriptions.Item label={t('column.memory')}>{formatBytes(view.info.memory_bytes)}</Descriptions.Item>
          </Descriptions>
        </>
      )}
    </Answered>
  )
}
