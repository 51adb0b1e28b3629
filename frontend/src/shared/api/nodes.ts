import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { listNodes, type NodeView } from '@/shared/api/wire'
import { useLive, useRefetchInterval } from '@/shared/live/page'

const GATHER_MS = 400

export const nodesQuery = queryOptions({ queryKey: ['nodes'], queryFn: ({ signal }) => listNodes({ signal }) })

/** All nodes, each renewed as its heartbeats come; of a thousand nodes news come by the hundred a second, so they are gathered. */
export function useNodes() {
  const client = useQueryClient()
  const news = useRef(new Map<string, NodeView>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  useLive('nodes', (message) => {
    if (message.type !== 'node') return
    news.current.set(message.node_id, message.data as unknown as NodeView)
    if (timer.current !== undefined) return
    timer.current = setTimeout(() => {
      timer.current = undefined
      const gathered = news.current
      news.current = new Map()
      client.setQueryData(nodesQuery.queryKey, (known) => known && withNews(known, gathered))
    }, GATHER_MS)
  })
  return useQuery({ ...nodesQuery, refetchInterval: useRefetchInterval() })
}

/** The nodes with what came in; an empty view says that the node left. By name, as the master lists them. */
export function withNews(known: readonly NodeView[], news: ReadonlyMap<string, NodeView>): NodeView[] {
  const nodes = new Map(known.map((node) => [node.id, node]))
  let isNew = false
  for (const [id, view] of news) {
    if (!view.id) nodes.delete(id)
    else {
      isNew ||= !nodes.has(id)
      nodes.set(id, view)
    }
  }
  const all = [...nodes.values()]
  return isNew ? all.sort((a, b) => (a.name < b.name ? -1 : 1)) : all
}
