import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { isEnded } from '@/shared/api/jobStates'
import { compareRuns, testPair } from '@/shared/api/wire'
import { useRefetchInterval } from '@/shared/live/page'

/** The runs in the order asked for, with what was set and what came out; asked again while one of them runs. */
export function useCompared(ids: readonly string[]) {
  const interval = useRefetchInterval()
  return useQuery({
    queryKey: ['runs', 'compare', ids],
    queryFn: ({ signal }) => compareRuns({ ids: ids.join(',') }, { signal }),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.every((run) => isEnded(run.state)) ? false : interval),
  })
}

/** Two runs on the same test rows. Both have ended: what was found stays true. */
export function pairedQuery(first: string, second: string) {
  return queryOptions({
    queryKey: ['runs', 'paired', first, second],
    queryFn: ({ signal }) => testPair({ first, second }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
}
