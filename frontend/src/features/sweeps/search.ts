import { SweepState } from '@/shared/api/wire'
import { oneOf, someOf, text } from '@/shared/searchParams'

export interface SweepsSearch {
  state?: SweepState[] | undefined
  owner?: string | undefined
  q?: string | undefined
}

export function sweepsSearch(raw: Record<string, unknown>): SweepsSearch {
  return {
    state: someOf(raw, 'state', Object.values(SweepState)),
    owner: text(raw, 'owner'),
    q: text(raw, 'q'),
  }
}

export const SWEEP_TABS = ['results', 'trials', 'settings'] as const
export type SweepTab = (typeof SWEEP_TABS)[number]

export interface SweepSearch {
  tab?: SweepTab | undefined
}

export function sweepSearch(raw: Record<string, unknown>): SweepSearch {
  return { tab: oneOf(raw, 'tab', SWEEP_TABS) }
}
