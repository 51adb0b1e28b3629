import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { listJobs, readNode, readNodeHistory } from '@/shared/api/wire'
import type { RANGES } from '../search'

const HOURS: Record<(typeof RANGES)[number], number> = { '1h': 1, '24h': 24, '7d': 24 * 7 }
const POINTS = 400

export function nodeQuery(id: string) {
  return queryOptions({ queryKey: ['nodes', id], queryFn: ({ signal }) => readNode(id, { signal }) })
}

export function historyQuery(id: string, range: (typeof RANGES)[number]) {
  return queryOptions({
    queryKey: ['nodes', id, 'history', range],
    queryFn: ({ signal }) => readNodeHistory(id, { hours: HOURS[range], points: POINTS }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  })
}

export function jobsQuery(id: string) {
  return queryOptions({
    queryKey: ['jobs', 'node', id],
    queryFn: ({ signal }) =>
      listJobs({ node: id, state: ['scheduled', 'running', 'cancelling'], limit: 100 }, { signal }),
  })
}
