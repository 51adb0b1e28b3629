/** Pixels of one line. */
export const ROW = 18
/** Browsers cut what is taller (Firefox near 17.9 million pixels): longer logs get a scaled scrollbar. */
export const TALLEST = 15_000_000

export interface View {
  lines: number
  /** Pixels of the log's window. */
  height: number
}

export function contentHeight({ lines }: View): number {
  return Math.min(lines * ROW, TALLEST)
}

export function isScaled({ lines }: View): boolean {
  return lines * ROW > TALLEST
}

/** The first line in sight, with its fraction, when the last one is at the bottom. */
export function lastTop({ lines, height }: View): number {
  return Math.max(0, lines - height / ROW)
}

export function topLineOf(scrollTop: number, view: View): number {
  if (!isScaled(view)) return scrollTop / ROW
  const way = contentHeight(view) - view.height
  return way <= 0 ? 0 : (scrollTop / way) * lastTop(view)
}

export function scrollTopOf(topLine: number, view: View): number {
  if (!isScaled(view)) return topLine * ROW
  return (topLine / lastTop(view)) * (contentHeight(view) - view.height)
}
