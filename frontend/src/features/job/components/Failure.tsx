import { Link } from '@tanstack/react-router'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { JobDetail } from '@/shared/api/wire'
import { useSay } from '@/shared/i18n/told'
import { CodeBlock } from '@/shared/ui/CopyButton'

/** Why it failed, with the end of the log, and the way to all of it. */
export function Failure({ job }: { job: JobDetail }) {
  const { t } = useTranslation('job')
  const say = useSay()
  const last = job.attempts.findLast((attempt) => attempt.last_lines.length > 0)
  return (
    <section className="px-stack" aria-label={t('failure.title')}>
      <Alert
        type="error"
        showIcon
        title={t('failure.title')}
        description={
          say(job.reason_words, job.reason) || say(last?.reason_words, last?.reason ?? '') || t('failure.unknown')
        }
        action={
          <Link to="/jobs/$jobId" params={{ jobId: job.id }} search={{ tab: 'logs', attempt: last?.number }}>
            {t('failure.log')}
          </Link>
        }
      />
      {last && <CodeBlock label={t('failure.lastLines')} text={last.last_lines.join('\n')} />}
    </section>
  )
}
