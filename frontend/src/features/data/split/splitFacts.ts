import { queryOptions } from '@tanstack/react-query'
import { ApiError } from '@/shared/api/errors'
import { send } from '@/shared/api/request'
import { getDownloadArtifactUrl } from '@/shared/api/wire'

export interface SplitFacts {
  split?: { split_id: string; method: string; seed?: number; [key: string]: unknown }
  clusters?: { count: number; largest: number[]; single: number; identity: number; method: string }
  leakage?: {
    limit: number
    count: number
    median?: number
    max?: number
    identical?: number
    share_above_30?: number
    histogram?: number[]
    [share: string]: unknown
  }
}

const FILES = ['split.json', 'notes.json'] as const

/** What the preprocessing job noted beside the version; null where it noted nothing. */
export function splitFactsQuery(jobId: string) {
  return queryOptions({
    queryKey: ['split-facts', jobId],
    queryFn: async ({ signal }): Promise<SplitFacts | null> => {
      for (const file of FILES) {
        try {
          return (await (await send(getDownloadArtifactUrl(jobId, file), { signal })).json()) as SplitFacts
        } catch (error) {
          if (!(error instanceof ApiError) || error.status !== 404) throw error
        }
      }
      return null
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** The share of test records at or above the limit, where the job noted it for that very limit. */
export function leakyShare({ leakage }: SplitFacts): number | null {
  if (!leakage) return null
  const share = leakage[`share_above_${Math.round(leakage.limit * 100)}`]
  return typeof share === 'number' ? share : null
}
