import { oneOf, text, texts, whole } from '@/shared/searchParams'

export const JOB_TABS = ['summary', 'logs', 'metrics', 'artifacts', 'config', 'events'] as const
export type JobTab = (typeof JOB_TABS)[number]

export interface JobSearch {
  tab?: JobTab | undefined
  /** Of the log. */
  attempt?: number | undefined
  rank?: number | undefined
  /** Of the log, from 1: where a link points at. */
  line?: number | undefined
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
    line: whole(raw, 'line'),
    metric: texts(raw, 'metric'),
    file: text(raw, 'file'),
    against: text(raw, 'against'),
  }
}
