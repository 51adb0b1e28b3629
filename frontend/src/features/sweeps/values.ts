import type { SweepDetail, TrialView } from '@/shared/api/wire'
import { formatMetric } from '@/shared/format/numbers'

export function sayValue(value: unknown): string {
  return typeof value === 'number' ? formatMetric(value) : String(value ?? '–')
}

export function sayPoint(point: Record<string, unknown>): string {
  return Object.entries(point)
    .map(([key, value]) => `${key}=${sayValue(value)}`)
    .join(' ')
}

/** Trials of the search itself, without the finals that repeat some of them. */
export function searchOf(sweep: SweepDetail): TrialView[] {
  return sweep.trial_list.filter((trial) => trial.finalist === null)
}

export function completeOf(sweep: SweepDetail): TrialView[] {
  return searchOf(sweep).filter((trial) => trial.state === 'complete' && trial.value !== null)
}

/** Of two values the better one. */
export function better(sweep: SweepDetail, first: number, second: number): number {
  return sweep.direction === 'minimize' ? Math.min(first, second) : Math.max(first, second)
}
