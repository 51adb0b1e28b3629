/** Width of one letter, and of the names before them, in pixels. */
export const CELL = 10
export const NAMES = 150
const BEYOND = 40

export interface Span {
  start: number
  stop: number
}

/** The columns to draw: those in sight and some beyond, in steps, so that scrolling seldom draws anew. */
export function spanAt(scrolled: number, width: number, columns: number): Span {
  const first = Math.floor(scrolled / CELL / BEYOND) * BEYOND
  const last = Math.ceil((scrolled + width) / CELL / BEYOND) * BEYOND
  return { start: Math.max(0, first - BEYOND), stop: Math.min(columns, last + BEYOND) }
}
