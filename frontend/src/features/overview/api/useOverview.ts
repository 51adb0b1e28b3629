import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { explainJob, type JobState, listJobs } from '@/shared/api/wire'
import { useLive, useRefetchInterval } from '@/shared/live/page'

const KEY = ['jobs', 'overview'] as const
const SETTLE_MS = 800

interface Ask {
  state?: JobState[]
  owner?: string
  limit: number
}

function jobsQuery(ask: Ask) {
  return queryOptions({
    queryKey: [...KEY, ask],
    queryFn: ({ signal }) => listJobs(ask, { signal }),
    placeholderData: keepPreviousData,
  })
}

/** Renews all questions of this page once the news of jobs have settled. */
export function useJobNews(): void {
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useLive('jobs', () => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void client.invalidateQueries({ queryKey: KEY }), SETTLE_MS)
  })
}

/** The newest jobs that fit, and how many there are. */
export function useSomeJobs(ask: Ask) {
  return useQuery({ ...jobsQuery(ask), refetchInterval: useRefetchInterval() })
}

/** Why one job waits. */
export function useExplain(jobId: string) {
  return useQuery({
    queryKey: [...KEY, 'explain', jobId],
    queryFn: ({ signal }) => explainJob(jobId, { signal }),
    refetchInterval: 15_000,
  })
}
