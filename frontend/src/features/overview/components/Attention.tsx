import { CheckCircleFilled, WarningFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNodes } from '@/shared/api/nodes'
import { NodeHealth } from '@/shared/api/wire'
import { formatPercent } from '@/shared/format/numbers'
import { useSay } from '@/shared/i18n/told'
import { healthQuery, useUser } from '@/shared/session/session'
import { workdirQuery } from '@/shared/session/workdir'
import { Status } from '@/shared/ui/Status'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { useSomeJobs } from '../api/useOverview'
import styles from './Overview.module.css'

const FULL = 0.85
const RECENT_MS = 24 * 3600 * 1000

/** What somebody should act on, each with the way to it. */
export function Attention() {
  const { t } = useTranslation('overview')
  const parts = useParts()
  const nodes = useSilentNodes()
  const held = useHeldJobs()
  const failed = useFailedJobs()
  const disk = useFullDisk()
  const items = [...parts, ...disk, ...nodes, ...held, ...failed]
  return (
    <section className="px-card" aria-labelledby="attention">
      <h2 id="attention">{t('attention')}</h2>
      {items.length === 0 ? (
        <Status tone="good" icon={<CheckCircleFilled />} word={t('allWell')} />
      ) : (
        <ul className={styles.list}>
          {items.map(({ key, word, more, reason }) => (
            <li key={key}>
              <Status tone="warn" icon={<WarningFilled />} word={word} wraps />
              {more}
              {reason && <span className={styles.reason}>{reason}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

interface Item {
  key: string
  word: string
  more?: ReactNode
  reason?: string
}

function useParts(): Item[] {
  const { t } = useTranslation('overview')
  const health = useQuery({ ...healthQuery, refetchInterval: 15_000 })
  return Object.entries(health.data?.parts ?? {})
    .filter(([, told]) => told !== 'ok')
    .map(([name, told]) => ({ key: `part ${name}`, word: t('part', { name }), reason: told }))
}

function useFullDisk(): Item[] {
  const { t } = useTranslation('overview')
  const { data } = useQuery(workdirQuery)
  if (!data || data.free_bytes === null || !data.total_bytes) return []
  const used = 1 - data.free_bytes / data.total_bytes
  return used < FULL ? [] : [{ key: 'disk', word: t('diskFull', { part: formatPercent(used) }) }]
}

function useSilentNodes(): Item[] {
  const { t } = useTranslation('overview')
  const say = useSay()
  const nodes = useNodes()
  return (nodes.data ?? [])
    .filter((node) => node.health !== NodeHealth.online || node.state === 'quarantined')
    .map((node) => ({
      key: node.id,
      word: t(node.state === 'quarantined' ? 'nodeQuarantined' : 'nodeSilent'),
      more: (
        <>
          <Link to="/nodes/$nodeId" params={{ nodeId: node.id }}>
            {node.name}
          </Link>
          <TimeAgo at={node.last_heartbeat_at} />
        </>
      ),
      reason: say(node.reason_words, node.reason),
    }))
}

function useHeldJobs(): Item[] {
  const { t } = useTranslation('overview')
  const say = useSay()
  const held = useSomeJobs({ state: ['held'], limit: 5 })
  return (held.data?.items ?? []).map((job) => ({
    key: job.id,
    word: t('jobHeld'),
    more: <JobLink id={job.id} name={job.name} />,
    reason: say(job.reason_words, job.reason),
  }))
}

/** One's own of the last day: somebody else's failures are theirs. */
function useFailedJobs(): Item[] {
  const { t } = useTranslation('overview')
  const say = useSay()
  const user = useUser()
  const failed = useSomeJobs({ state: ['failed'], owner: user.name, limit: 5 })
  const since = Date.now() - RECENT_MS
  return (failed.data?.items ?? [])
    .filter((job) => job.ended_at && Date.parse(job.ended_at) > since)
    .map((job) => ({
      key: job.id,
      word: t('jobFailed'),
      more: (
        <>
          <JobLink id={job.id} name={job.name} />
          <TimeAgo at={job.ended_at} />
        </>
      ),
      reason: say(job.reason_words, job.reason),
    }))
}

function JobLink({ id, name }: { id: string; name: string }) {
  return (
    <Link to="/jobs/$jobId" params={{ jobId: id }}>
      {name}
    </Link>
  )
}
