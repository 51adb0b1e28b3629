import { useCallback, useEffect, useState } from 'react'
import { type Draft, EMPTY } from './draft'

const STORED = 'proteinx.newJob.draft'

export interface DraftControl {
  draft: Draft
  change: (part: Partial<Draft>) => void
  /** A setting's value; undefined takes it back to its default. */
  set: (key: string, value: unknown) => void
  replace: (make: (draft: Draft) => Draft) => void
  clear: () => void
}

function stored(): Draft | null {
  const text = sessionStorage.getItem(STORED)
  if (!text) return null
  try {
    return { ...EMPTY, ...(JSON.parse(text) as Partial<Draft>) }
  } catch {
    sessionStorage.removeItem(STORED) // written by an older portal: nothing that can be read
    return null
  }
}

/** What is filled in, kept in this tab until it is sent: a reload or a wrong turn loses nothing. */
export function useDraft(start: Draft | null): DraftControl {
  const [draft, setDraft] = useState<Draft>(() => start ?? stored() ?? EMPTY)
  useEffect(() => sessionStorage.setItem(STORED, JSON.stringify(draft)), [draft])
  const change = useCallback((part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })), [])
  const set = useCallback(
    (key: string, value: unknown) =>
      setDraft((before) => {
        const { [key]: _, ...others } = before.values
        return { ...before, values: value === undefined ? others : { ...others, [key]: value } }
      }),
    [],
  )
  const clear = useCallback(() => {
    sessionStorage.removeItem(STORED)
    setDraft(EMPTY)
  }, [])
  return { draft, change, set, replace: setDraft, clear }
}
