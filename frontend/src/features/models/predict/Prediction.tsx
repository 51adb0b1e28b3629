import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { isEnded } from '@/shared/api/jobStates'
import { type JobDetail, JobState, readJob } from '@/shared/api/wire'
import { useSay } from '@/shared/i18n/told'
import { useLive, useRefetchInterval } from '@/shared/live/page'
import { JobStatus } from '@/shared/ui/Status'
import { Answered } from '@/shared/ui/states'
import { Elapsed } from '@/shared/ui/TimeAgo'
import { PredictionTable } from './PredictionTable'

/** One prediction from its first moment to its table. */
export function Prediction({ jobId, onAgain }: { jobId: string; onAgain: () => void }) {
  const { t } = useTranslation('models')
  const client = useQueryClient()
  const interval = useRefetchInterval()
  const queryKey = ['jobs', 'prediction', jobId]
  useLive(`job:${jobId}`, () => void client.invalidateQueries({ queryKey }))
  const job = useQuery({
    queryKey,
    queryFn: ({ signal }) => readJob(jobId, { signal }),
    refetchInterval: (query) => (query.state.data && isEnded(query.state.data.state) ? false : interval),
  })
  return (
    <Answered query={job}>
      {(detail) => (
        <div className="px-stack">
          <div className="px-row">
            <JobStatus state={detail.state} />
            <Elapsed from={detail.started_at} to={detail.ended_at} />
            <Link to="/jobs/$jobId" params={{ jobId }}>
              {t('predict.job', { id: jobId.slice(0, 8) })}
            </Link>
            <Button style={{ marginLeft: 'auto' }} onClick={onAgain}>
              {t('predict.again')}
            </Button>
          </div>
          <Outcome job={detail} />
        </div>
      )}
    </Answered>
  )
}

function Outcome({ job }: { job: JobDetail }) {
  const { t } = useTranslation('models')
  const say = useSay()
  if (job.state === JobState.succeeded) return <PredictionTable jobId={job.id} />
  if (!isEnded(job.state)) return <p className="px-muted">{t('predict.waiting')}</p>
  return (
    <Alert
      type="error"
      showIcon
      title={t('predict.failed')}
      description={say(job.reason_words, job.reason)}
      action={
        <Link to="/jobs/$jobId" params={{ jobId: job.id }}>
          {t('predict.seeJob')}
        </Link>
      }
    />
  )
}
