import { oneOf, text } from '@/shared/searchParams'

export const MODEL_TABS = ['versions', 'predict'] as const

export interface ModelSearch {
  tab?: (typeof MODEL_TABS)[number] | undefined
  version?: string | undefined
}

export function modelSearch(raw: Record<string, unknown>): ModelSearch {
  return { tab: oneOf(raw, 'tab', MODEL_TABS), version: text(raw, 'version') }
}
