import { CheckCircleFilled, ClockCircleOutlined, LoadingOutlined, WarningFilled } from '@ant-design/icons'
import type { ComponentProps, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { EndpointView } from '@/shared/api/wire'
import { Status } from '@/shared/ui/Status'

type State = EndpointView['state']

const LOOKS: Record<State, [ComponentProps<typeof Status>['tone'], ReactNode]> = {
  waiting: ['muted', <ClockCircleOutlined key="" />],
  starting: ['info', <LoadingOutlined key="" spin />],
  ready: ['good', <CheckCircleFilled key="" />],
  silent: ['warn', <WarningFilled key="" />],
  ending: ['muted', <LoadingOutlined key="" spin />],
}

export function EndpointStatus({ state }: { state: State }) {
  const { t } = useTranslation('models')
  const [tone, icon] = LOOKS[state]
  return <Status tone={tone} icon={icon} word={t(`endpoint.state.${state}`)} />
}
