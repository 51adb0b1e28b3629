import { CheckCircleFilled, LoadingOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useNodes } from '@/shared/api/nodes'
import { createJoinToken, NodeHealth, type NodeView } from '@/shared/api/wire'
import { CodeBlock } from './CopyButton'
import { Status } from './Status'
import { Answered } from './states'

interface Props {
  /** Whether machines that were there before count as news too. */
  all?: boolean
}

/** The line to paste on a machine, and the machine as it shows up. The token is made once for each time this is shown. */
export function JoinCommand({ all = false }: Props) {
  const { t } = useTranslation('session')
  const nodes = useNodes()
  const before = useRef<Set<string>>(null)
  before.current ??= nodes.data && !all ? new Set(nodes.data.map((node) => node.id)) : null
  const id = useId()
  const token = useQuery({
    queryKey: ['join-token', id],
    queryFn: () => createJoinToken({ uses: 1, hours: 1 }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  const news = (nodes.data ?? []).filter((node) => isOnline(node) && !before.current?.has(node.id))
  return (
    <div className="px-stack">
      <p style={{ margin: 0 }}>{t('setup.nodeIntro')}</p>
      <Answered query={token}>{(made) => <CodeBlock label={t('setup.command')} text={made.command} />}</Answered>
      <div aria-live="polite">
        {news.length === 0 && <Status tone="info" icon={<LoadingOutlined spin />} word={t('setup.waiting')} />}
        {news.map((node) => (
          <p key={node.id} style={{ margin: '4px 0' }}>
            <Status tone="good" icon={<CheckCircleFilled />} word={joined(node)} wraps />
          </p>
        ))}
      </div>
    </div>
  )

  function joined(node: NodeView): string {
    return t('setup.joined', { name: node.name, gpus: node.info.gpus?.length ?? 0, cpus: node.info.cpus })
  }
}

function isOnline(node: NodeView): boolean {
  return node.health === NodeHealth.online
}
