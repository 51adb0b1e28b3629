import { queryOptions } from '@tanstack/react-query'
import { jobKey } from '@/shared/api/jobs'
import { explainJob, listArtifacts, readEvents } from '@/shared/api/wire'

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

export function artifactsQuery(jobId: string) {
  return queryOptions({
    queryKey: [...jobKey(jobId), 'artifacts'],
    queryFn: ({ signal }) => listArtifacts(jobId, { signal }),
  })
}
