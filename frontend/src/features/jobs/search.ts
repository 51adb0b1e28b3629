import { JobState } from '@/shared/api/wire'
import { oneOf, someOf, text } from '@/shared/searchParams'

export const ORDERS = ['least', 'most'] as const

export interface JobsSearch {
  state?: JobState[] | undefined
  owner?: string | undefined
  project?: string | undefined
  experiment?: string | undefined
  node?: string | undefined
  parent?: string | undefined
  /** MLflow run that theirs lie below. */
  run?: string | undefined
  /** Those in the trash, and no others. */
  trashed?: true | undefined
  /** Shown as a column. */
  metric?: string | undefined
  /** By the metric, its least or its most first; without it the newest come first. */
  order?: (typeof ORDERS)[number] | undefined
  q?: string | undefined
}

export function jobsSearch(raw: Record<string, unknown>): JobsSearch {
  return {
    state: someOf(raw, 'state', Object.values(JobState)),
    owner: text(raw, 'owner'),
    project: text(raw, 'project'),
    experiment: text(raw, 'experiment'),
    node: text(raw, 'node'),
    parent: text(raw, 'parent'),
    run: text(raw, 'run'),
    trashed: raw.trashed === true || raw.trashed === 'true' ? true : undefined,
    metric: text(raw, 'metric'),
    order: oneOf(raw, 'order', ORDERS),
    q: text(raw, 'q'),
  }
}
