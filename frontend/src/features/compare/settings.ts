import type { ComparedRun } from '@/shared/api/wire'

export interface Setting {
  key: string
  /** One per run, in their order; null where the run has no such setting. */
  values: (string | null)[]
  differs: boolean
}

/** All that was set or given, run by run. A setting differs as soon as any two of the runs differ in it. */
export function settings(runs: readonly Pick<ComparedRun, 'settings'>[]): Setting[] {
  const keys = new Set(runs.flatMap((run) => Object.keys(run.settings)))
  return [...keys].sort(byKind).map((key) => {
    const values = runs.map((run) => run.settings[key] ?? null)
    return { key, values, differs: new Set(values).size > 1 }
  })
}

const FIRST = /^(project|entry_point|inputs\.)/

/** What went in before how it was set. */
function byKind(a: string, b: string): number {
  return Number(FIRST.test(b)) - Number(FIRST.test(a)) || a.localeCompare(b)
}
