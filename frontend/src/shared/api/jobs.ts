import { queryOptions } from '@tanstack/react-query'
import { listMetrics, readJob } from '@/shared/api/wire'

export const jobKey = (jobId: string) => ['jobs', jobId] as const

export function jobQuery(jobId: string) {
  return queryOptions({ queryKey: jobKey(jobId), queryFn: ({ signal }) => readJob(jobId, { signal }) })
}

export function metricsQuery(jobId: string) {
  return queryOptions({
    queryKey: [...jobKey(jobId), 'metrics'],
    queryFn: ({ signal }) => listMetrics(jobId, { signal }),
  })
}
