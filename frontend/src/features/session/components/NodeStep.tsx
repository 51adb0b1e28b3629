import { CheckCircleFilled, LoadingOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNodes } from '@/shared/api/nodes'
import { createJoinToken, NodeHealth } from '@/shared/api/wire'
import { CodeBlock } from '@/shared/ui/CopyButton'
import { Status } from '@/shared/ui/Status'
import { Answered } from '@/shared/ui/states'

/** The node shows up by itself when its agent reports. */
export function NodeStep({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('session')
  const nodes = useNodes()
  const token = useQuery({
    queryKey: ['setup', 'join-token'],
    queryFn: () => createJoinToken({ uses: 1, hours: 1 }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  const online = nodes.data?.filter((node) => node.health === NodeHealth.online) ?? []
  return (
    <div className="px-stack">
      <p>{t('setup.nodeIntro')}</p>
      <Answered query={token}>{(made) => <CodeBlock label={t('setup.command')} text={made.command} />}</Answered>
      <div aria-live="polite">
        {online.length === 0 && <Status tone="info" icon={<LoadingOutlined spin />} word={t('setup.waiting')} />}
        {online.map((node) => (
          <p key={node.id} style={{ margin: '4px 0' }}>
            <Status
              tone="good"
              icon={<CheckCircleFilled />}
              word={t('setup.joined', { name: node.name, gpus: node.info.gpus?.length ?? 0, cpus: node.info.cpus })}
              wraps
            />
          </p>
        ))}
      </div>
      <Button type={online.length ? 'primary' : 'default'} block onClick={onDone}>
        {online.length ? t('setup.finish') : t('setup.skip')}
      </Button>
    </div>
  )
}
