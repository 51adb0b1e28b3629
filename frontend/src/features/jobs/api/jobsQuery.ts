import { type InfiniteData, infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import { type JobMessage, type JobState, listJobs, type PageJobView } from '@/shared/api/wire'
import type { JobsSearch } from '../search'

const PAGE_SIZE = 100

export const JOBS_KEY = ['jobs', 'list'] as const

export function jobsQuery(search: JobsSearch) {
  return infiniteQueryOptions({
    queryKey: [...JOBS_KEY, search],
    queryFn: ({ pageParam, signal }) =>
      listJobs(
        {
          state: search.state ?? null,
          owner: search.owner ?? null,
          project: search.project ?? null,
          experiment: search.experiment ?? null,
          node: search.node ?? null,
          parent_job: search.parent ?? null,
          search: search.q ?? null,
          cursor: pageParam,
          limit: PAGE_SIZE,
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
    placeholderData: keepPreviousData,
  })
}

export type JobPages = InfiniteData<PageJobView, string | null>

/** The lists with one job's news in them; the same object where the job is not shown. */
export function withNews(pages: JobPages, news: JobMessage): JobPages {
  const isShown = pages.pages.some((page) => page.items.some((job) => job.id === news.job_id))
  if (!isShown) return pages
  const state = news.state as JobState
  return {
    ...pages,
    pages: pages.pages.map((page) => ({
      ...page,
      items: page.items.map((job) =>
        job.id === news.job_id ? { ...job, state, attempt: news.attempt, reason: news.reason } : job,
      ),
    })),
  }
}
