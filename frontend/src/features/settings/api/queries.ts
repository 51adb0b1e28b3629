import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { listNotifications, listTokens, listUsers, readAudit, readRetention, readSettings } from '@/shared/api/wire'

export const usersQuery = queryOptions({ queryKey: ['users'], queryFn: ({ signal }) => listUsers({ signal }) })

export const tokensQuery = queryOptions({ queryKey: ['tokens'], queryFn: ({ signal }) => listTokens({ signal }) })

export const notificationsQuery = queryOptions({
  queryKey: ['notifications'],
  queryFn: ({ signal }) => listNotifications({ signal }),
  refetchInterval: 10_000,
})

export const systemQuery = queryOptions({ queryKey: ['settings'], queryFn: ({ signal }) => readSettings({ signal }) })

export function auditQuery(action: string) {
  return infiniteQueryOptions({
    queryKey: ['audit', action],
    queryFn: ({ pageParam, signal }) =>
      readAudit({ action: action || undefined, cursor: pageParam, limit: 100 }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  })
}

export const retentionQuery = queryOptions({
  queryKey: ['retention'],
  queryFn: ({ signal }) => readRetention({ signal }),
})
