import { text } from '@/shared/searchParams'

export interface NewJobSearch {
  project?: string | undefined
  entry?: string | undefined
  /** Job that the draft is copied from. */
  from?: string | undefined
  /** Dataset to use as the first input. */
  data?: string | undefined
  /** A sweep over settings instead of one job. */
  sweep?: true | undefined
}

export function newJobSearch(raw: Record<string, unknown>): NewJobSearch {
  return {
    project: text(raw, 'project'),
    entry: text(raw, 'entry'),
    from: text(raw, 'from'),
    data: text(raw, 'data'),
    sweep: raw.sweep === true || raw.sweep === 'true' ? true : undefined,
  }
}
