import type { JobDetail } from '@/shared/api/wire'
import { flatten } from '@/shared/config/differences'

export interface Setting {
  key: string
  /** One per job, in their order; null where the job has no such setting. */
  values: (string | null)[]
  differs: boolean
}

/** All that was set or given, job by job. A setting differs as soon as any two of the jobs differ in it. */
export function settings(jobs: readonly JobDetail[]): Setting[] {
  const flat = jobs.map(given)
  const keys = new Set(flat.flatMap((one) => [...one.keys()]))
  return [...keys].sort(byKind).map((key) => {
    const values = flat.map((one) => one.get(key) ?? null)
    return { key, values, differs: new Set(values).size > 1 }
  })
}

function given(job: JobDetail): Map<string, string> {
  const own = {
    project: job.project,
    entry_point: job.entry_point,
    snapshot: job.snapshot,
    inputs: job.inputs,
    ...(job.config ?? { parameters: job.parameters, overrides: job.overrides }),
  }
  return new Map(
    [...flatten(own)].map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

const FIRST = /^(project|entry_point|inputs\.)/

/** What went in before how it was set. */
function byKind(a: string, b: string): number {
  return Number(FIRST.test(b)) - Number(FIRST.test(a)) || a.localeCompare(b)
}
