import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { jobKey } from '@/shared/api/jobs'
import { type Curve, readCurve } from '@/shared/api/wire'

const POINTS = 1000
/** Past this many points the whole curve is asked for again, thinned by the server. */
const MOST = 2000

/** A metric's curve; once there, only what is new is asked for. */
export function curveQuery(client: QueryClient, jobId: string, key: string) {
  const queryKey = [...jobKey(jobId), 'curve', key]
  return queryOptions({
    queryKey,
    queryFn: async ({ signal }): Promise<Curve> => {
      const known = client.getQueryData<Curve>(queryKey)
      const last = known?.steps.at(-1)
      if (!known || last === undefined || known.steps.length > MOST) {
        return readCurve(jobId, { key, points: POINTS }, { signal })
      }
      return joined(known, await readCurve(jobId, { key, points: POINTS, after: last }, { signal }))
    },
  })
}

export function joined(known: Curve, news: Curve): Curve {
  if (news.steps.length === 0) return known
  return {
    key: known.key,
    steps: [...known.steps, ...news.steps],
    values: [...known.values, ...news.values],
    times: [...known.times, ...news.times],
  }
}
