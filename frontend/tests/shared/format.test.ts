import { describe, expect, it } from 'vitest'
import { formatBytes, formatMetric } from '@/shared/format/numbers'
import { formatDuration, formatRelative } from '@/shared/format/times'
import { safeNext } from '@/shared/session/next'

describe('numbers', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.50 KiB'],
    [20 * 1024 ** 2, '20.0 MiB'],
    [24 * 1024 ** 3, '24.0 GiB'],
    [500 * 1024 ** 3, '500 GiB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  it.each([
    [0, '0'],
    [0.76543, '0.7654'],
    [0.00001234, '1.234e-5'],
    [1234, '1,234'],
    [-0.5, '-0.5000'],
  ])('%d is shown as %s', (value, text) => expect(formatMetric(value)).toBe(text))
})

describe('times', () => {
  it.each([
    [0, '0 s'],
    [59_000, '59 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [90_061_000, '1 d 1 h'],
  ])('%d ms are %s', (ms, text) => expect(formatDuration(ms)).toBe(text))

  it('says how long ago', () => {
    const now = Date.parse('2026-11-24T08:00:00Z')
    expect(formatRelative('2026-11-24T07:59:58Z', now)).toBe('just now')
    expect(formatRelative('2026-11-24T07:57:00Z', now)).toMatch(/^3 min/)
    expect(formatRelative('2026-11-22T07:57:00Z', now)).toBe('2 days ago')
  })
})

describe('the address to go to after signing in', () => {
  it.each([
    ['/jobs/abc?tab=logs', '/jobs/abc?tab=logs'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    [undefined, '/'],
  ])('%s leads to %s', (next, to) => expect(safeNext(next)).toBe(to))
})
