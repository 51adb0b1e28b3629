import { DownloadOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Select } from 'antd'
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { isEnded } from '@/shared/api/jobStates'
import { getReadLogUrl, type JobDetail } from '@/shared/api/wire'
import { formatBytes, formatCount } from '@/shared/format/numbers'
import { useHotkeys } from '@/shared/ui/hotkeys'
import { EmptyState, ErrorState } from '@/shared/ui/states'
import { LogSearch } from './LogSearch'
import { LogStore } from './LogStore'
import { LogView, type LogViewHandle } from './LogView'
import { logSource } from './source'
import { useFollowedLog } from './useFollowedLog'
import { useLogSearch } from './useLogSearch'

/** The log of one attempt's member: the newest one unless the address says otherwise. */
export default function LogsTab({ job }: { job: JobDetail }) {
  const { t } = useTranslation('job')
  const { attempt = job.attempt, rank = 0 } = useSearch({ from: '/inside/jobs/$jobId' })
  if (job.attempt === 0) return <EmptyState text={isEnded(job.state) ? t('logs.never') : t('logs.soon')} />
  return <OneLog key={`${attempt}.${rank}`} job={job} attempt={attempt} rank={rank} />
}

function OneLog({ job, attempt, rank }: { job: JobDetail; attempt: number; rank: number }) {
  const { t } = useTranslation(['job', 'common'])
  const { line } = useSearch({ from: '/inside/jobs/$jobId' })
  const navigate = useNavigate({ from: '/jobs/$jobId' })
  const store = useMemo(() => new LogStore(attempt, logSource(job.id, attempt, rank)), [job.id, attempt, rank])
  useSyncExternalStore(store.watch, store.getVersion)
  useEffect(() => () => store.close(), [store])
  const isLive = attempt === job.attempt && !isEnded(job.state)
  const begun = useFollowedLog(store, job.id, rank, isLive)
  const view = useRef<LogViewHandle>(null)
  const search = useLogSearch({ jobId: job.id, attempt, rank }, async (offset) => {
    view.current?.show(await store.lineAt(offset))
  })
  useHotkeys({ f: () => view.current?.follow(), n: () => search.step(1), p: () => search.step(-1) })
  const mark = (index: number) => void navigate({ search: (before) => ({ ...before, line: index + 1 }), replace: true })

  return (
    <>
      <div className="px-filters">
        <LogSearch search={search} />
        <Members job={job} attempt={attempt} rank={rank} />
        <span className="px-muted px-row">
          {t('logs.lines', { n: formatCount(store.count), size: formatBytes(store.size) })}
        </span>
        <a
          className="px-button"
          href={getReadLogUrl(job.id, { attempt, rank })}
          download={`${job.name}.${attempt}.${rank}.log`}
        >
          <DownloadOutlined aria-hidden />
          &nbsp;{t('common:action.download')}
        </a>
      </div>
      {store.failure !== null && <ErrorState error={store.failure} onRetry={() => void store.refresh()} />}
      {begun && store.count === 0 ? (
        <EmptyState text={isLive ? t('logs.quiet') : t('logs.empty')} />
      ) : (
        <LogView
          store={store}
          found={search.text}
          marked={line === undefined ? null : line - 1}
          onMark={mark}
          isLive={isLive}
          handle={view}
        />
      )}
    </>
  )
}

function Members({ job, attempt, rank }: { job: JobDetail; attempt: number; rank: number }) {
  const { t } = useTranslation('job')
  const navigate = useNavigate({ from: '/jobs/$jobId' })
  const options = job.attempts.flatMap((one) =>
    one.members.map((member) => ({
      value: `${one.number}.${member.rank}`,
      label: t(one.members.length > 1 ? 'logs.member' : 'logs.attempt', { ...member, attempt: one.number }),
    })),
  )
  if (options.length < 2) return null
  return (
    <Select
      aria-label={t('logs.choose')}
      style={{ minWidth: 180 }}
      value={`${attempt}.${rank}`}
      options={options}
      onChange={(value) => {
        const [number, member] = value.split('.').map(Number)
        void navigate({ search: (before) => ({ ...before, attempt: number, rank: member, line: undefined }) })
      }}
    />
  )
}
