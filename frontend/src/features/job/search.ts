import { oneOf, text, texts, whole } from '@/shared/searchParams'

export const JOB_TABS = ['summary', 'logs', 'metrics', 'artifacts', 'config', 'events'] as const
export type JobTab = (typeof JOB_TABS)[number]

export interface JobSearch {
  tab?: JobTab | undefined
  /** Of the log. */
  attempt?: number | undefined
  rank?: number | undefined
  /** Byte offset of a line of the log that a link points at. */
  at?: number | undefined
  /** Curves that are shown. */
  metric?: string[] | undefined
  /** Artifact that is previewed. */
  file?: string | undefined
  /** Job whose config this one's is compared with. */
  against?: string | undefined
}

export function jobSearch(raw: Record<string, unknown>): JobSearch {
  return {
    tab: oneOf(raw, 'tab', JOB_TABS),
    attempt: whole(raw, 'attempt'),
    rank: whole(raw, 'rank'),
    at: whole(raw, 'at'),
    metric: texts(raw, 'metric'),
    file: text(raw, 'file'),
    against: text(raw, 'against'),
  }
}
