import { JobState } from '@/shared/api/wire'
import { someOf, text } from '@/shared/searchParams'

export interface JobsSearch {
  state?: JobState[] | undefined
  owner?: string | undefined
  project?: string | undefined
  experiment?: string | undefined
  node?: string | undefined
  parent?: string | undefined
  /** MLflow run that theirs lie below. */
  run?: string | undefined
  /** Shown as a column. */
  metric?: string | undefined
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
    metric: text(raw, 'metric'),
    q: text(raw, 'q'),
  }
}
