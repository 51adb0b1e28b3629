import { JobState } from './wire'

const ENDS: ReadonlySet<JobState> = new Set([JobState.succeeded, JobState.failed, JobState.cancelled])

/** Nothing more happens to such a job. */
export function isEnded(state: JobState): boolean {
  return ENDS.has(state)
}
