import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNodes } from '@/shared/api/nodes'
import { NodeHealth, type NodeView } from '@/shared/api/wire'
import { formatBytes, formatCount } from '@/shared/format/numbers'
import { workdirQuery } from '@/shared/session/workdir'
import { useSomeJobs } from '../api/useOverview'
import styles from './Overview.module.css'

/** Four figures, each the way to its page. */
export function Figures() {
  const { t } = useTranslation('overview')
  const running = useSomeJobs({ state: ['running', 'scheduled', 'cancelling'], limit: 1 })
  const waiting = useSomeJobs({ state: ['pending', 'held'], limit: 1 })
  const nodes = useNodes()
  const workdir = useQuery({ ...workdirQuery, refetchInterval: 60_000 })
  const gpus = nodes.data && gpusOf(nodes.data)
  const free = workdir.data?.free_bytes
  return (
    <ul className={styles.figures}>
      <li>
        <Link to="/jobs" search={{ state: ['running', 'scheduled', 'cancelling'] }}>
          <Figure name={t('running')}>{running.data?.total}</Figure>
        </Link>
      </li>
      <li>
        <Link to="/jobs" search={{ state: ['pending', 'held'] }}>
          <Figure name={t('waiting')}>{waiting.data?.total}</Figure>
        </Link>
      </li>
      <li>
        <Link to="/nodes">
          <Figure name={t('gpus')} more={gpus && t('ofGpus', { all: formatCount(gpus.all) })}>
            {gpus?.free}
          </Figure>
        </Link>
      </li>
      <li>
        <Link to="/settings" search={{ tab: 'workdir' }}>
          <Figure name={t('disk')}>{free == null ? undefined : formatBytes(free)}</Figure>
        </Link>
      </li>
    </ul>
  )
}

function Figure({ name, more, children }: { name: string; more?: string | undefined; children: ReactNode }) {
  return (
    <>
      <span className={styles.name}>{name}</span>
      <span className={styles.value}>
        {children ?? '–'} {more && <small>{more}</small>}
      </span>
    </>
  )
}

function gpusOf(nodes: readonly NodeView[]): { free: number; all: number } {
  const online = nodes.filter((node) => node.health === NodeHealth.online)
  return {
    free: online.reduce((sum, node) => sum + node.gpus_free, 0),
    all: online.reduce((sum, node) => sum + (node.info.gpus?.length ?? 0), 0),
  }
}
