import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { listEndpoints, stopEndpoint } from '@/shared/api/wire'

const OFTEN_MS = 2_000
const SELDOM_MS = 10_000

/** The models that are kept loaded. When one was last used is announced by nobody, so it is asked for. */
export function endpointsQuery(isWatched = false) {
  return queryOptions({
    queryKey: ['endpoints'],
    queryFn: ({ signal }) => listEndpoints({ signal }),
    refetchInterval: isWatched ? OFTEN_MS : SELDOM_MS,
  })
}

export function useStopEndpoint() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (jobId: string) => stopEndpoint(jobId),
    onSettled: () => client.invalidateQueries({ queryKey: endpointsQuery().queryKey }),
  })
}
