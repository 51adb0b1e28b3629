import { SweepState } from '@/shared/api/wire'

const ENDS: ReadonlySet<SweepState> = new Set([SweepState.finished, SweepState.stopped, SweepState.failed])

export function isOver(state: SweepState): boolean {
  return ENDS.has(state)
}
