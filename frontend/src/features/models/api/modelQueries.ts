import { queryOptions } from '@tanstack/react-query'
import { ApiError } from '@/shared/api/errors'
import { send } from '@/shared/api/request'
import {
  checkGate,
  getDownloadArtifactUrl,
  getModel,
  listAliasMoves,
  listArtifacts,
  listModels,
  listModelVersions,
  type ModelVersionView,
  readJob,
} from '@/shared/api/wire'

export const MODELS_KEY = ['models'] as const
const modelKey = (name: string) => [...MODELS_KEY, name] as const
/** A job that made a model has ended. */
const FOREVER = Number.POSITIVE_INFINITY

export const modelsQuery = queryOptions({ queryKey: MODELS_KEY, queryFn: ({ signal }) => listModels({ signal }) })

export function modelQuery(name: string) {
  return queryOptions({
    queryKey: [...modelKey(name), 'model'],
    queryFn: ({ signal }) => getModel(encodeURIComponent(name), { signal }),
  })
}

export function versionsQuery(name: string) {
  return queryOptions({
    queryKey: [...modelKey(name), 'versions'],
    queryFn: ({ signal }) => listModelVersions(encodeURIComponent(name), { signal }),
  })
}

/** Whether a version may become the champion: what its run left may have been mended, so it is asked each time. */
export function gateQuery({ name, version }: ModelVersionView) {
  return queryOptions({
    queryKey: [...modelKey(name), 'gate', version],
    queryFn: ({ signal }) => checkGate(encodeURIComponent(name), version, { signal }),
  })
}

export function movesQuery(name: string) {
  return queryOptions({
    queryKey: [...modelKey(name), 'moves'],
    queryFn: ({ signal }) => listAliasMoves(encodeURIComponent(name), { signal }),
  })
}

/** The job that made a version; null where the platform does not know it (any more). */
export function makerQuery(jobId: string | null) {
  return queryOptions({
    queryKey: ['model-maker', jobId],
    queryFn: async ({ signal }) => {
      try {
        return jobId === null ? null : await readJob(jobId, { signal })
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
    staleTime: FOREVER,
  })
}

const CARD = /(^|\/)model_card\.md$/

/** The card that the training wrote; null where it wrote none. */
export function cardQuery(jobId: string) {
  return queryOptions({
    queryKey: ['model-maker', jobId, 'card'],
    queryFn: async ({ signal }) => {
      const artifacts = await listArtifacts(jobId, { signal })
      const card = artifacts.find(({ path }) => CARD.test(path))
      return card ? (await send(getDownloadArtifactUrl(jobId, card.path), { signal })).text() : null
    },
    staleTime: FOREVER,
  })
}
