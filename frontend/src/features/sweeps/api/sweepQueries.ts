import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { listSweeps, readSweep } from '@/shared/api/wire'
import type { SweepsSearch } from '../search'
import { isOver } from '../states'

const PAGE_SIZE = 100
const LIVE_MS = 3_000

export const SWEEPS_KEY = ['sweeps'] as const

export function sweepsQuery(search: SweepsSearch) {
  return infiniteQueryOptions({
    queryKey: [...SWEEPS_KEY, 'list', search],
    queryFn: ({ pageParam, signal }) =>
      listSweeps(
        { state: search.state, owner: search.owner, search: search.q, cursor: pageParam, limit: PAGE_SIZE },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: LIVE_MS,
  })
}

/** Asked again while it goes on. */
export function sweepQuery(sweepId: string) {
  return queryOptions({
    queryKey: [...SWEEPS_KEY, sweepId],
    queryFn: ({ signal }) => readSweep(sweepId, { signal }),
    refetchInterval: (query) => (query.state.data && isOver(query.state.data.state) ? false : LIVE_MS),
  })
}
