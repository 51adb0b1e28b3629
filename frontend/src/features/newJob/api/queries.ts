import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ApiError } from '@/shared/api/errors'
import {
  checkJob,
  cloneJob,
  getForm,
  type JobCheck,
  type JobCreate,
  listDatasets,
  listModels,
  listProjects,
} from '@/shared/api/wire'
import type { WholeRequest } from '../draft'

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: ({ signal }) => listProjects({ signal }),
  staleTime: 60_000,
})

/** The form as the chosen groups have it; the one before stays in sight until it comes. */
export function formQuery(project: string, entryPoint: string, choices: string[]) {
  return queryOptions({
    queryKey: ['projects', project, 'form', entryPoint, choices],
    queryFn: ({ signal }) => getForm(project, { entry_point: entryPoint, choice: choices }, { signal }),
    enabled: project !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}

export function datasetsQuery(search: string) {
  return queryOptions({
    queryKey: ['datasets', 'pick', search],
    queryFn: ({ signal }) => listDatasets({ search: search || undefined, limit: 50 }, { signal }),
    placeholderData: keepPreviousData,
  })
}

export const modelsQuery = queryOptions({ queryKey: ['models'], queryFn: ({ signal }) => listModels({ signal }) })

/** The request of a job that exists, to change and send again. */
export function cloneQuery(jobId: string) {
  return queryOptions({
    queryKey: ['jobs', jobId, 'clone'],
    queryFn: async ({ signal }) => (await cloneJob(jobId, { signal })) as WholeRequest,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export type Verdict = { ok: true; check: JobCheck } | { ok: false; error: ApiError }

/** What the master makes of the request. A refusal is an answer too: it is shown at its field. */
export function checkQuery(request: JobCreate) {
  return queryOptions({
    queryKey: ['jobs', 'check', request],
    queryFn: async ({ signal }): Promise<Verdict> => {
      try {
        return { ok: true, check: await checkJob(request, { signal }) }
      } catch (error) {
        if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 401) {
          return { ok: false, error }
        }
        throw error
      }
    },
    enabled: request.project !== '',
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  })
}
