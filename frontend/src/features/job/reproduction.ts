import type { JobCreate, JobDetail } from '@/shared/api/wire'

/** Of a repetition: the id of the job that it repeats, as `px reproduce` writes it. */
export const REPRODUCES = 'reproduces'
const LONGEST_NAME = 200

/** The request that repeats a job from its pins; it registers no model. */
export function repetition(job: JobDetail, draft: JobCreate): JobCreate {
  return {
    ...draft,
    name: `again ${job.name}`.slice(0, LONGEST_NAME),
    tags: { ...job.tags, [REPRODUCES]: job.id },
    register_as: null,
  }
}
