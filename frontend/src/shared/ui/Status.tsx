import {
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  DisconnectOutlined,
  LoadingOutlined,
  MinusCircleOutlined,
  PauseCircleFilled,
  PlayCircleFilled,
  WarningFilled,
} from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttemptState, JobState, NodeHealth } from '@/shared/api/wire'
import styles from './Status.module.css'

type Tone = 'good' | 'bad' | 'warn' | 'info' | 'muted'

/** Always icon, word and colour: none of the three is needed to understand the other two. */
export function Status({ tone, icon, word, wraps }: { tone: Tone; icon: ReactNode; word: string; wraps?: boolean }) {
  return (
    <span className={`${styles.status} ${styles[tone]} ${wraps ? styles.wraps : ''}`}>
      <span aria-hidden>{icon}</span>
      {word}
    </span>
  )
}

const busy = <LoadingOutlined spin />
const was = <ClockCircleOutlined />
const LOOKS: Record<JobState | AttemptState, [Tone, ReactNode]> = {
  pending: ['muted', <ClockCircleOutlined key="" />],
  scheduled: ['info', busy],
  running: ['info', <PlayCircleFilled key="" />],
  cancelling: ['warn', busy],
  held: ['warn', <PauseCircleFilled key="" />],
  succeeded: ['good', <CheckCircleFilled key="" />],
  failed: ['bad', <CloseCircleFilled key="" />],
  cancelled: ['muted', <MinusCircleOutlined key="" />],
  assigned: ['muted', <ClockCircleOutlined key="" />],
  claimed: ['info', busy],
  preparing: ['info', busy],
  finalizing: ['info', busy],
  lost: ['bad', <DisconnectOutlined key="" />],
  expired: ['muted', <ClockCircleOutlined key="" />],
  preempted: ['warn', <WarningFilled key="" />],
}

interface StateProps<State> {
  state: State
  /** Of a moment that is over: nothing turns any more. */
  isPast?: boolean
}

export function JobStatus({ state, isPast }: StateProps<JobState>) {
  const { t } = useTranslation()
  const [tone, icon] = LOOKS[state]
  return <Status tone={tone} icon={isPast && icon === busy ? was : icon} word={t(`job.${state}`)} />
}

export function AttemptStatus({ state, isPast }: StateProps<AttemptState>) {
  const { t } = useTranslation()
  const [tone, icon] = LOOKS[state]
  return <Status tone={tone} icon={isPast && icon === busy ? was : icon} word={t(`attempt.${state}`)} />
}

const HEALTH: Record<NodeHealth, [Tone, ReactNode]> = {
  online: ['good', <CheckCircleFilled key="" />],
  suspect: ['warn', <WarningFilled key="" />],
  lost: ['bad', <DisconnectOutlined key="" />],
}

export function NodeHealthStatus({ health }: { health: NodeHealth }) {
  const { t } = useTranslation()
  const [tone, icon] = HEALTH[health]
  return <Status tone={tone} icon={icon} word={t(`health.${health}`)} />
}
