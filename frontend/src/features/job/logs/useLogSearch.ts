import { useEffect, useRef, useState } from 'react'
import { useDebounced } from '@/shared/ui/useDebounced'
import { type Matches, searchLog } from './source'

export interface Search {
  typed: string
  setTyped: (text: string) => void
  /** What the matches are of. */
  text: string
  matches: Matches | null
  /** Which of them one is at, from 0. */
  at: number
  isLooking: boolean
  step: (by: 1 | -1) => void
}

const NOTHING: Matches = { offsets: [], more: false }

/** Looks for a text in the whole log; `show` brings a match into sight. */
export function useLogSearch(
  place: { jobId: string; attempt: number; rank: number },
  show: (offset: number) => void,
): Search {
  const [typed, setTyped] = useState('')
  const text = useDebounced(typed, 250)
  const [matches, setMatches] = useState<Matches | null>(null)
  const [at, setAt] = useState(0)
  const [isLooking, setLooking] = useState(false)
  const latest = useRef(show)
  latest.current = show
  const { jobId, attempt, rank } = place

  useEffect(() => {
    setMatches(null)
    if (!text) return
    const request = new AbortController() // a slower answer to an older text must not come after the newer one's
    setLooking(true)
    searchLog({ jobId, attempt, rank }, text, request.signal)
      .then((found) => {
        setMatches(found)
        setAt(0)
        if (found.offsets[0] !== undefined) latest.current(found.offsets[0])
      })
      .catch(() => !request.signal.aborted && setMatches(NOTHING))
      .finally(() => !request.signal.aborted && setLooking(false))
    return () => request.abort()
  }, [jobId, attempt, rank, text])

  const step = (by: 1 | -1) => {
    const count = matches?.offsets.length ?? 0
    if (count === 0) return
    const next = (at + by + count) % count
    setAt(next)
    show(matches?.offsets[next] ?? 0)
  }
  return { typed, setTyped, text, matches, at, isLooking, step }
}
