import { type InfiniteData, infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import { newsOf } from '@/shared/api/jobs'
import { type JobMessage, listJobs, type PageJobView } from '@/shared/api/wire'
import type { JobsSearch } from '../search'

const PAGE_SIZE = 100

export const JOBS_KEY = ['jobs', 'list'] as const

export function jobsQuery({ metric, ...search }: JobsSearch) {
  return infiniteQueryOptions({
    queryKey: [...JOBS_KEY, search, search.order ? metric : undefined],
    queryFn: ({ pageParam, signal }) =>
      listJobs(
        {
          state: search.state,
          owner: search.owner,
          project: search.project,
          experiment: search.experiment,
          node: search.node,
          parent_job: search.parent,
          parent_run: search.run,
          trashed: search.trashed,
          metric: search.order ? metric : undefined,
          most_first: search.order === 'most' || undefined,
          search: search.q,
          cursor: pageParam,
          limit: PAGE_SIZE,
        },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
}

export type JobPages = InfiniteData<PageJobView, string | undefined>

/** The lists with one job's news in them; the same object where the job is not shown. */
export function withNews(pages: JobPages, news: JobMessage): JobPages {
  const isShown = pages.pages.some((page) => page.items.some((job) => job.id === news.job_id))
  if (!isShown) return pages
  return {
    ...pages,
    pages: pages.pages.map((page) => ({
      ...page,
      items: page.items.map((job) => (job.id === news.job_id ? { ...job, ...newsOf(news) } : job)),
    })),
  }
}
