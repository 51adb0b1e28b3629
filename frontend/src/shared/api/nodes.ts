import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { listNodes, type NodeView } from '@/shared/api/wire'
import { useLive, useRefetchInterval } from '@/shared/live/page'

export const nodesQuery = queryOptions({ queryKey: ['nodes'], queryFn: ({ signal }) => listNodes({ signal }) })

/** All nodes, each renewed as its heartbeats come. */
export function useNodes() {
  const client = useQueryClient()
  useLive('nodes', (message) => {
    if (message.type !== 'node') return
    const { node_id } = message
    const view = message.data as unknown as NodeView
    client.setQueryData(nodesQuery.queryKey, (known) => known && replaced(known, node_id, view))
  })
  return useQuery({ ...nodesQuery, refetchInterval: useRefetchInterval() })
}

/** An empty view says that the node left. */
function replaced(known: NodeView[], id: string, view: NodeView): NodeView[] {
  const others = known.filter((node) => node.id !== id)
  if (!view.id) return others
  return [...others, view].sort((a, b) => a.name.localeCompare(b.name))
}
