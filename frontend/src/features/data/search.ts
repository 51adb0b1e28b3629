import { oneOf, text, whole } from '@/shared/searchParams'

export interface DataSearch {
  q?: string | undefined
}

export function dataSearch(raw: Record<string, unknown>): DataSearch {
  return { q: text(raw, 'q') }
}

export const DATASET_TABS = ['overview', 'sequences', 'structure', 'versions', 'usage'] as const

export interface DatasetSearch {
  tab?: (typeof DATASET_TABS)[number] | undefined
  version?: number | undefined
  q?: string | undefined
}

export function datasetSearch(raw: Record<string, unknown>): DatasetSearch {
  return { tab: oneOf(raw, 'tab', DATASET_TABS), version: whole(raw, 'version'), q: text(raw, 'q') }
}
