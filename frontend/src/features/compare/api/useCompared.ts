import { useQueries } from '@tanstack/react-query'
import { isEnded } from '@/shared/api/jobStates'
import { jobQuery, metricsQuery } from '@/shared/api/jobs'
import type { JobDetail } from '@/shared/api/wire'
import { useRefetchInterval } from '@/shared/live/page'

export interface Compared {
  job: JobDetail
  /** The last value of each metric; what MLflow has while the job runs. */
  metrics: Record<string, number>
}

/** The jobs that are there, in the order asked for, and what went wrong with others. */
export function useCompared(ids: readonly string[]) {
  const interval = useRefetchInterval()
  const jobs = useQueries({ queries: ids.map((id) => ({ ...jobQuery(id), refetchInterval: interval })) })
  const metrics = useQueries({
    queries: ids.map((id, index) => {
      const state = jobs[index]?.data?.state
      return { ...metricsQuery(id), refetchInterval: state && isEnded(state) ? (false as const) : interval }
    }),
  })
  const compared = jobs.flatMap(({ data }, index): Compared[] => {
    if (!data) return []
    const live = metrics[index]?.data?.map(({ key, value }): [string, number] => [key, value]) ?? []
    return [{ job: data, metrics: { ...data.metrics, ...Object.fromEntries(live) } }]
  })
  return {
    compared,
    isLoading: jobs.some((one) => one.isLoading),
    errors: jobs.flatMap(({ error }) => (error ? [error] : [])),
  }
}
