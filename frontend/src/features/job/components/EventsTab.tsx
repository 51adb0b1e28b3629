import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AttemptState, AttemptView, JobDetail, JobEvent, JobState } from '@/shared/api/wire'
import { formatAbsolute } from '@/shared/format/times'
import type words from '@/shared/i18n/locales/en/job.json'
import { useSay } from '@/shared/i18n/told'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { AttemptStatus, JobStatus } from '@/shared/ui/Status'
import { Answered } from '@/shared/ui/states'
import { Elapsed } from '@/shared/ui/TimeAgo'
import { eventsQuery } from '../api/jobQueries'
import { RunsIn } from './RunsIn'

/** All that happened, by whom and why, and each try with its end. */
export function EventsTab({ job }: { job: JobDetail }) {
  const { t } = useTranslation(['job', 'common'])
  const events = useQuery(eventsQuery(job.id))
  return (
    <div className="px-stack">
      {job.attempts.length > 0 && (
        <section aria-labelledby="attempts">
          <h2 id="attempts">{t('events.attempts')}</h2>
          <Attempts attempts={job.attempts} />
        </section>
      )}
      <section aria-labelledby="timeline">
        <h2 id="timeline">{t('events.timeline')}</h2>
        <Answered query={events}>{(rows) => <Timeline rows={rows} />}</Answered>
      </section>
    </div>
  )
}

function Attempts({ attempts }: { attempts: AttemptView[] }) {
  const { t } = useTranslation(['job', 'common'])
  const say = useSay()
  const columns: Column<AttemptView>[] = [
    { key: 'number', title: t('events.attempt'), isName: true, render: (attempt) => attempt.number },
    { key: 'state', title: t('events.state'), render: (attempt) => <AttemptStatus state={attempt.state} /> },
    {
      key: 'node',
      title: t('events.node'),
      render: (attempt) => attempt.members.map((member) => member.node).join(', '),
    },
    { key: 'environment', title: t('events.environment'), render: (attempt) => <RunsIn attempt={attempt} /> },
    { key: 'reason', title: t('events.reason'), render: (attempt) => say(attempt.reason_words, attempt.reason) || '–' },
    { key: 'exit', title: t('events.exit'), align: 'right', render: (attempt) => attempt.exit_code ?? '–' },
    {
      key: 'took',
      title: t('events.took'),
      align: 'right',
      render: (attempt) => <Elapsed from={attempt.started_at} to={attempt.ended_at} />,
    },
  ]
  return (
    <DataTable
      label={t('events.attempts')}
      columns={columns}
      rows={attempts}
      rowKey={(attempt) => String(attempt.number)}
      rowName={(attempt) => String(attempt.number)}
    />
  )
}

function Timeline({ rows }: { rows: JobEvent[] }) {
  const { t } = useTranslation(['job', 'common'])
  const say = useSay()
  const columns: Column<JobEvent>[] = [
    { key: 'at', title: t('events.at'), width: '180px', render: (event) => formatAbsolute(event.at) },
    { key: 'what', title: t('events.what'), isName: true, render: (event) => <What event={event} /> },
    { key: 'attempt', title: t('events.attempt'), align: 'right', render: (event) => event.attempt ?? '–' },
    { key: 'actor', title: t('events.actor'), render: (event) => <Actor actor={event.actor} /> },
    { key: 'reason', title: t('events.reason'), render: (event) => say(event.reason_words, event.reason) || '–' },
  ]
  return (
    <DataTable
      label={t('events.timeline')}
      columns={columns}
      rows={rows}
      rowKey={(event) => String(event.id)}
      rowName={(event) => event.kind}
    />
  )
}

function What({ event }: { event: JobEvent }) {
  const { t } = useTranslation('job')
  if (event.kind === 'job' && event.to_state) return <JobStatus state={event.to_state as JobState} isPast />
  if (event.kind === 'attempt' && event.to_state) {
    return (
      <>
        <span className="px-muted">{t('events.ofAttempt')}</span>{' '}
        <AttemptStatus state={event.to_state as AttemptState} isPast />
      </>
    )
  }
  return t(`events.kind.${event.kind as keyof typeof words.events.kind}`, { defaultValue: event.kind })
}

/** `user:ana`, `node:vm`, `scheduler`, or the job's own process, which is named by what it is. */
function Actor({ actor }: { actor: string }) {
  const { t } = useTranslation('job')
  const [kind, name] = actor.split(':', 2)
  if (kind === 'job') return t('events.actorJob')
  if (kind === 'node') return t('events.actorNode', { name })
  if (kind === 'scheduler') return t('events.actorScheduler')
  return name ?? actor
}
