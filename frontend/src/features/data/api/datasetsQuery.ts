import { infiniteQueryOptions } from '@tanstack/react-query'
import { listDatasets } from '@/shared/api/wire'

export function datasetsQuery(search: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['datasets', 'list', search ?? ''],
    queryFn: ({ pageParam, signal }) => listDatasets({ search, cursor: pageParam, limit: 100 }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  })
}
