import type { ComparedRun } from '@/shared/api/wire'
import { labels } from './labels'

/** More columns than that nobody reads, and a browser draws them slowly. */
export const MOST_BESIDE = 24

export interface Side {
  runs: ComparedRun[]
  names: string[]
  baseline: number
}

/** The runs that stand beside each other: the first ones, and the baseline in any case. */
export function side(runs: ComparedRun[], baseline: number): Side {
  const names = labels(runs)
  const base = runs[baseline]
  if (!base || baseline < MOST_BESIDE) {
    return { runs: runs.slice(0, MOST_BESIDE), names: names.slice(0, MOST_BESIDE), baseline }
  }
  const last = MOST_BESIDE - 1
  return {
    runs: [...runs.slice(0, last), base],
    names: [...names.slice(0, last), names[baseline] ?? base.name],
    baseline: last,
  }
}
