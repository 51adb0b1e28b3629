import { queryOptions } from '@tanstack/react-query'
import { type JobMessage, type JobState, type JobView, listMetrics, readJob } from '@/shared/api/wire'

export const jobKey = (jobId: string) => ['jobs', jobId] as const

export function jobQuery(jobId: string) {
  return queryOptions({ queryKey: jobKey(jobId), queryFn: ({ signal }) => readJob(jobId, { signal }) })
}

/** What a live message changes of a job that is shown. */
export function newsOf(message: JobMessage): Pick<JobView, 'state' | 'attempt' | 'reason' | 'reason_words'> {
  const { attempt, reason, reason_words } = message
  return { state: message.state as JobState, attempt, reason, reason_words }
}

export function metricsQuery(jobId: string) {
  return queryOptions({
    queryKey: [...jobKey(jobId), 'metrics'],
    queryFn: ({ signal }) => listMetrics(jobId, { signal }),
  })
}
