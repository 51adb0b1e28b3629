import { type ComparedRun, JobState } from '@/shared/api/wire'

/** Each pair takes the master a second or two the first time. */
export const MOST_PAIRS = 12
const MAIN = ['spearman', 'mcc', 'f1_micro', 'auroc', 'accuracy']

/** The runs that can be held against the baseline: both have succeeded, and have a score of a test set. */
export function testable(runs: readonly ComparedRun[], base: ComparedRun): ComparedRun[] {
  return isEvaluated(base) ? runs.filter((run) => run.id !== base.id && isEvaluated(run)) : []
}

function isEvaluated(run: ComparedRun): boolean {
  return run.state === JobState.succeeded && Object.keys(run.metrics).some((name) => name.startsWith('test_'))
}

/** Each name once, those that a run is usually judged by in front. */
export function mainFirst(names: readonly string[]): string[] {
  const rank = (name: string) => (MAIN.includes(name) ? MAIN.indexOf(name) : MAIN.length)
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
}
