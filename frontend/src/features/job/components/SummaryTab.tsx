import { useQuery } from '@tanstack/react-query'
import { isEnded } from '@/shared/api/jobStates'
import { metricsQuery } from '@/shared/api/jobs'
import { type JobDetail, JobState } from '@/shared/api/wire'
import { EvaluationReport } from '../evaluation/EvaluationReport'
import { Facts } from './Facts'
import { Failure } from './Failure'
import { FinalMetrics } from './FinalMetrics'
import { InTrash } from './InTrash'
import { WhyItWaits } from './WhyItWaits'

const LIVE_MS = 5_000

/** What one wants to know first, by the state the job is in: why it waits, why it failed, what came out. */
export function SummaryTab({ job }: { job: JobDetail }) {
  const metrics = useQuery({ ...metricsQuery(job.id), refetchInterval: isEnded(job.state) ? false : LIVE_MS })
  const waits = job.state === JobState.pending || job.state === JobState.held || job.state === JobState.scheduled
  return (
    <div className="px-stack">
      {job.trashed_at && <InTrash job={job} />}
      {job.state === JobState.failed && <Failure job={job} />}
      {waits && <WhyItWaits job={job} />}
      {metrics.data && metrics.data.length > 0 && <FinalMetrics metrics={metrics.data} ended={isEnded(job.state)} />}
      {job.state === JobState.succeeded && <EvaluationReport job={job} />}
      <Facts job={job} />
    </div>
  )
}
