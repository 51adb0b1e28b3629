import { useCallback, useSyncExternalStore } from 'react'
import type { LogStore } from './LogStore'

/** Draws the log anew when it has changed, once a frame at most: a busy job sends more often than anybody can see. */
export function useNews(store: LogStore): void {
  const watch = useCallback(
    (changed: () => void) => {
      let frame = 0
      const stop = store.watch(() => {
        frame ||= requestAnimationFrame(() => {
          frame = 0
          changed()
        })
      })
      return () => {
        stop()
        cancelAnimationFrame(frame)
      }
    },
    [store],
  )
  useSyncExternalStore(watch, store.getVersion)
}
