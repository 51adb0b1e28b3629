import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import { type Handler, LiveConnection, type LiveState } from './connection'
import type { Position } from './position'

function address(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/live`
}

/** One for the page. */
export const live = new LiveConnection(address)

export function useLiveState(): LiveState {
  return useSyncExternalStore(live.watch, live.getState)
}

/** Hears a topic while the component is there; null hears nothing. */
export function useLive(topic: string | null, handler: Handler, position: Position | null = null): void {
  const latest = useEffectEvent(handler)
  const start = useEffectEvent(() => position)
  useEffect(() => (topic ? live.subscribe(topic, (message) => latest(message), start()) : undefined), [topic])
}

const SAFETY_NET = 60_000
const POLLING = 4_000

/** How often to ask anyway, in milliseconds: rarely while news come by themselves, often while they don't. */
export function useRefetchInterval(): number {
  return useLiveState() === 'live' ? SAFETY_NET : POLLING
}
