import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { JobView } from '@/shared/api/wire'
import { useExplained } from '@/shared/i18n/told'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { useExplain, useSomeJobs } from '../api/useOverview'
import styles from './Overview.module.css'

const SHOWN = 5

/** What waits, and why. Nothing where nothing does. */
export function Waiting() {
  const { t } = useTranslation('overview')
  const jobs = useSomeJobs({ state: ['pending'], limit: SHOWN })
  const items = jobs.data?.items ?? []
  if (items.length === 0) return null
  return (
    <section className="px-card" aria-labelledby="waiting">
      <h2 id="waiting">{t('waitingAndWhy')}</h2>
      <ul className={styles.list}>
        {items.map((job) => (
          <One key={job.id} job={job} />
        ))}
      </ul>
    </section>
  )
}

function One({ job }: { job: JobView }) {
  const explain = useExplain(job.id)
  const explained = useExplained()
  return (
    <li>
      <Link to="/jobs/$jobId" params={{ jobId: job.id }}>
        {job.name}
      </Link>
      <span>{job.owner}</span>
      <TimeAgo at={job.created_at} />
      {explain.data && <span className={styles.reason}>{explained(explain.data).summary}</span>}
    </li>
  )
}
