import { oneOf } from '@/shared/searchParams'

export const RANGES = ['1h', '24h', '7d'] as const

export interface NodeSearch {
  range?: (typeof RANGES)[number] | undefined
}

export function nodeSearch(raw: Record<string, unknown>): NodeSearch {
  return { range: oneOf(raw, 'range', RANGES) }
}
