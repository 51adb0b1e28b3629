import { infiniteQueryOptions } from '@tanstack/react-query'
import { listDatasets } from '@/shared/api/wire'

export function datasetsQuery(search: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['datasets', 'list', search ?? ''],
    queryFn: ({ pageParam, signal }) =>
      listDatasets({ search: search ?? null, cursor: pageParam, limit: 100 }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
  })
}
