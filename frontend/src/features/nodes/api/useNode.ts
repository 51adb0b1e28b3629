import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { NodeView } from '@/shared/api/wire'
import { useLive, useRefetchInterval } from '@/shared/live/page'
import { nodeQuery } from './queries'

/** One node, renewed with its heartbeats. */
export function useNode(id: string) {
  const client = useQueryClient()
  useLive('nodes', (message) => {
    if (message.type !== 'node' || message.node_id !== id || !message.data.id) return
    client.setQueryData(nodeQuery(id).queryKey, message.data as unknown as NodeView)
    void client.invalidateQueries({ queryKey: ['jobs', 'node', id] })
  })
  return useQuery({ ...nodeQuery(id), refetchInterval: useRefetchInterval() })
}
