import { oneOf, text, whole } from '@/shared/searchParams'

export interface DataSearch {
  q?: string | undefined
}

export function dataSearch(raw: Record<string, unknown>): DataSearch {
  return { q: text(raw, 'q') }
}

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

export function linesOf(search: DatasetSearch): number[] | undefined {
  const lines = search.lines?.split(',').map(Number).filter(Number.isInteger)
  return lines?.length ? lines : undefined
}
