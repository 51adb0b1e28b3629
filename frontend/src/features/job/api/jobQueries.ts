import { queryOptions } from '@tanstack/react-query'
import { ApiError } from '@/shared/api/errors'
import { jobKey } from '@/shared/api/jobs'
import { explainJob, listArtifacts, readEvents, readSweep } from '@/shared/api/wire'

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

/** The sweep that a run is; null for a run of another kind. */
export function parentRunQuery(runId: string) {
  return queryOptions({
    queryKey: ['sweeps', 'of-run', runId],
    queryFn: async ({ signal }) => {
      try {
        return await readSweep(runId, { signal })
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
}
