import {
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  LoadingOutlined,
  MinusCircleOutlined,
  PauseCircleFilled,
  PlayCircleFilled,
  ScissorOutlined,
} from '@ant-design/icons'
import type { ComponentProps, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SweepState, TrialState } from '@/shared/api/wire'
import { Status } from '@/shared/ui/Status'

type Look = [ComponentProps<typeof Status>['tone'], ReactNode]

const SWEEP: Record<SweepState, Look> = {
  running: ['info', <PlayCircleFilled key="" />],
  paused: ['warn', <PauseCircleFilled key="" />],
  stopping: ['warn', <LoadingOutlined key="" spin />],
  finished: ['good', <CheckCircleFilled key="" />],
  stopped: ['muted', <MinusCircleOutlined key="" />],
  failed: ['bad', <CloseCircleFilled key="" />],
}

export function SweepStatus({ state }: { state: SweepState }) {
  const { t } = useTranslation('sweeps')
  const [tone, icon] = SWEEP[state]
  return <Status tone={tone} icon={icon} word={t(`state.${state}`)} />
}

const TRIAL: Record<TrialState, Look> = {
  waiting: ['muted', <ClockCircleOutlined key="" />],
  live: ['info', <PlayCircleFilled key="" />],
  complete: ['good', <CheckCircleFilled key="" />],
  pruned: ['muted', <ScissorOutlined key="" />],
  failed: ['bad', <CloseCircleFilled key="" />],
  cancelled: ['muted', <MinusCircleOutlined key="" />],
}

export function TrialStatus({ state }: { state: TrialState }) {
  const { t } = useTranslation('sweeps')
  const [tone, icon] = TRIAL[state]
  return <Status tone={tone} icon={icon} word={t(`trial.${state}`)} />
}
