import { oneOf, text } from '@/shared/searchParams'

export const MODEL_TABS = ['versions', 'card', 'predict', 'history'] as const
export type ModelTab = (typeof MODEL_TABS)[number]

export interface ModelSearch {
  tab?: ModelTab | undefined
  version?: string | undefined
  /** Job of a prediction. */
  job?: string | undefined
}

export function modelSearch(raw: Record<string, unknown>): ModelSearch {
  return { tab: oneOf(raw, 'tab', MODEL_TABS), version: text(raw, 'version'), job: text(raw, 'job') }
}
