import { text, texts } from '@/shared/searchParams'

export interface CompareSearch {
  jobs?: string[] | undefined
  /** The one that the others are measured by. */
  baseline?: string | undefined
  /** Settings that all have alike are shown too. */
  all?: boolean | undefined
  /** The curve that is drawn. */
  curve?: string | undefined
  /** The score that the paired tests are shown of. */
  pair?: string | undefined
}

export function compareSearch(raw: Record<string, unknown>): CompareSearch {
  return {
    jobs: texts(raw, 'jobs'),
    baseline: text(raw, 'baseline'),
    all: raw.all === true || undefined,
    curve: text(raw, 'curve'),
    pair: text(raw, 'pair'),
  }
}
