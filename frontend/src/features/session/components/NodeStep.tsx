import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNodes } from '@/shared/api/nodes'
import { NodeHealth } from '@/shared/api/wire'
import { JoinCommand } from '@/shared/ui/JoinCommand'

/** The node shows up by itself when its agent reports. */
export function NodeStep({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('session')
  const nodes = useNodes()
  const isThere = nodes.data?.some((node) => node.health === NodeHealth.online) ?? false
  return (
    <div className="px-stack">
      <JoinCommand all />
      <Button type={isThere ? 'primary' : 'default'} block onClick={onDone}>
        {isThere ? t('setup.finish') : t('setup.skip')}
      </Button>
    </div>
  )
}
