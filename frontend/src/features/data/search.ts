import type { ListDatasetRecordsParams } from '@/shared/api/wire'
import { oneOf, text, whole } from '@/shared/searchParams'

export interface DataSearch {
  q?: string | undefined
}

export function dataSearch(raw: Record<string, unknown>): DataSearch {
  return { q: text(raw, 'q') }
}

export type RecordFilter = Pick<ListDatasetRecordsParams, 'search' | 'set' | 'min_length' | 'max_length' | 'line'>

export const DATASET_TABS = ['overview', 'sequences', 'alignment', 'structure', 'split', 'versions', 'usage'] as const
export type DatasetTab = (typeof DATASET_TABS)[number]

export interface DatasetSearch {
  tab?: DatasetTab | undefined
  version?: number | undefined
  /** Of a version with several files, the one shown. */
  file?: string | undefined
  q?: string | undefined
  set?: string | undefined
  min?: number | undefined
  max?: number | undefined
  /** Line numbers of a finding: `3,17`. */
  lines?: string | undefined
}

export function datasetSearch(raw: Record<string, unknown>): DatasetSearch {
  return {
    tab: oneOf(raw, 'tab', DATASET_TABS),
    version: whole(raw, 'version'),
    file: text(raw, 'file'),
    q: text(raw, 'q'),
    set: text(raw, 'set'),
    min: whole(raw, 'min'),
    max: whole(raw, 'max'),
    lines: text(raw, 'lines'),
  }
}

/** What of the address chooses records; what is not there is not asked for. */
export function filterOf({ q, set, min, max, lines }: DatasetSearch): RecordFilter {
  const numbers = lines?.split(',').map(Number).filter(Number.isInteger)
  return {
    ...(q !== undefined && { search: q }),
    ...(set !== undefined && { set }),
    ...(min !== undefined && { min_length: min }),
    ...(max !== undefined && { max_length: max }),
    ...(numbers?.length && { line: numbers }),
  }
}
