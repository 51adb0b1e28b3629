import { useEffect, useState } from 'react'
import { live, useLiveState } from '@/shared/live/page'
import { logTopic } from '@/shared/live/position'
import type { LogStore } from './LogStore'

const POLL_MS = 3_000

/** Reads what there is, then follows it: by the live connection, or by asking while that is away. Whether it has begun. */
export function useFollowedLog(store: LogStore, jobId: string, rank: number, isLive: boolean): boolean {
  const [begun, setBegun] = useState(false)
  const state = useLiveState()

  useEffect(() => {
    let wanted = true
    setBegun(false)
    store
      .refresh()
      .catch((error: unknown) => {
        store.failure = error
      })
      .finally(() => wanted && setBegun(true))
    return () => {
      wanted = false
    }
  }, [store])

  useEffect(() => {
    if (!begun) return
    if (!isLive) {
      void store.refresh() // what came between the last message and the end
      return
    }
    const from = { attempt: store.attempt, offset: store.size }
    return live.subscribe(logTopic(jobId, rank), (message) => message.type === 'log' && store.append(message), from)
  }, [store, jobId, rank, isLive, begun])

  useEffect(() => {
    if (!begun || !isLive || state === 'live') return
    const timer = setInterval(() => void store.refresh().catch(() => undefined), POLL_MS)
    return () => clearInterval(timer)
  }, [store, isLive, begun, state])

  return begun
}
