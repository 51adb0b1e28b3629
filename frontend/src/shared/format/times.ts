import i18next from 'i18next'
import { absolute, clock, relative } from './formatters'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `3 minutes ago`. */
export function formatRelative(iso: string, now: number = Date.now()): string {
  const difference = Date.parse(iso) - now
  const size = Math.abs(difference)
  if (size < 10 * SECOND) return i18next.t('time.now')
  const words = relative()
  if (size < MINUTE) return words.format(Math.round(difference / SECOND), 'second')
  if (size < HOUR) return words.format(Math.round(difference / MINUTE), 'minute')
  if (size < DAY) return words.format(Math.round(difference / HOUR), 'hour')
  if (size < 60 * DAY) return words.format(Math.round(difference / DAY), 'day')
  return words.format(Math.round(difference / (30 * DAY)), 'month')
}

/** In the viewer's own zone, to the second. */
export function formatAbsolute(iso: string): string {
  return absolute().format(Date.parse(iso))
}

export function formatClock(iso: string): string {
  return clock().format(Date.parse(iso))
}

/** The two largest units: `2 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / SECOND))
  const parts: [number, 'day' | 'hour' | 'minute' | 'second'][] = [
    [Math.floor(seconds / 86400), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ]
  const first = parts.findIndex(([n]) => n > 0)
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2).filter(([n]) => n > 0)
  return shown.map(([n, unit]) => i18next.t(`unit.${unit}`, { n })).join(' ')
}
