import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useLive, useRefetchInterval } from '@/shared/live/page'
import type { JobsSearch } from '../search'
import { JOBS_KEY, type JobPages, jobsQuery, withNews } from './jobsQuery'

const SETTLE_MS = 800

/** The list, each job moving as it moves; what news do to the list as a whole is asked for once they have settled. */
export function useJobs(search: JobsSearch) {
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useLive('jobs', (message) => {
    if (message.type !== 'job') return
    client.setQueriesData<JobPages>({ queryKey: JOBS_KEY }, (pages) => pages && withNews(pages, message))
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void client.invalidateQueries({ queryKey: JOBS_KEY }), SETTLE_MS)
  })
  return useInfiniteQuery({ ...jobsQuery(search), refetchInterval: useRefetchInterval() })
}
