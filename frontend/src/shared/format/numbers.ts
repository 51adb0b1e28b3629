import { counts, percents } from './formatters'

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** `1.5 GiB`: three digits, binary units. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${value.toFixed(digits)} ${UNITS[unit]}`
}

/** Four significant digits, exponents for what is very large or small. */
export function formatMetric(value: number): string {
  if (value === 0 || Number.isInteger(value)) return formatCount(value)
  const size = Math.abs(value)
  if (size >= 1e6 || size < 1e-3) return value.toExponential(3)
  return value.toPrecision(4)
}

export function formatCount(value: number): string {
  return counts().format(value)
}

export function formatPercent(fraction: number): string {
  return percents().format(fraction)
}
