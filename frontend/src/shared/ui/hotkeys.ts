import { useEffect, useEffectEvent } from 'react'

export type Hotkeys = Record<string, (event: KeyboardEvent) => unknown>

const SEQUENCE_MS = 1200

/** Keys are for typing there, or the browser's or an input method's own. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true
  const target = event.target
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('[role="dialog"]')) return true
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || isTextInput(target)
}

function isTextInput(target: HTMLElement): boolean {
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
}

/** Single keys (`c`) and sequences (`g j`) while the component is there. */
export function useHotkeys(keys: Hotkeys): void {
  const handle = useEffectEvent((event: KeyboardEvent, before: string) => {
    const action = keys[`${before} ${event.key}`] ?? (before ? undefined : keys[event.key])
    if (!action) return false
    if (event.key !== 'Enter') event.preventDefault()
    action(event)
    return true
  })
  useEffect(() => {
    let before = ''
    let timer: ReturnType<typeof setTimeout> | undefined
    const onKeyDown = (event: KeyboardEvent) => {
      if (isTaken(event)) return
      clearTimeout(timer)
      const done = handle(event, before)
      before = done || before ? '' : event.key
      timer = setTimeout(() => {
        before = ''
      }, SEQUENCE_MS)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('keydown', onKeyDown)
    }
  }, [])
}

/** The field that `/` goes to carries this attribute. */
export const SEARCH_FIELD = { 'data-search': '' }

export function focusSearch(): void {
  document.querySelector<HTMLInputElement>('input[data-search], [data-search] input')?.focus()
}
