import { queryOptions } from '@tanstack/react-query'
import { explainJob, listArtifacts, listMetrics, readEvents, readJob } from '@/shared/api/wire'

export const jobKey = (jobId: string) => ['jobs', jobId] as const

export function jobQuery(jobId: string) {
  return queryOptions({ queryKey: jobKey(jobId), queryFn: ({ signal }) => readJob(jobId, { signal }) })
}

export function eventsQuery(jobId: string) {
  return queryOptions({
    queryKey: [...jobKey(jobId), 'events'],
    queryFn: ({ signal }) => readEvents(jobId, { signal }),
  })
}

export function explainQuery(jobId: string) {
  return queryOptions({
    queryKey: [...jobKey(jobId), 'explain'],
    queryFn: ({ signal }) => explainJob(jobId, { signal }),
  })
}

export function metricsQuery(jobId: string) {
  return queryOptions({
    queryKey: [...jobKey(jobId), 'metrics'],
    queryFn: ({ signal }) => listMetrics(jobId, { signal }),
  })
}

export function artifactsQuery(jobId: string) {
  return queryOptions({
    queryKey: [...jobKey(jobId), 'artifacts'],
    queryFn: ({ signal }) => listArtifacts(jobId, { signal }),
  })
}
