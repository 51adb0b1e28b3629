import { isSystemMetric, metricOrder } from '@/shared/curves/names'

export interface Figure {
  value: number
  low: number | null
  high: number | null
}

export interface FigureRow {
  name: string
  /** One per job, in their order. */
  figures: (Figure | null)[]
}

type Metrics = Readonly<Record<string, number>>
const BOUND = /_(low|high)$/

/** The jobs' own metrics, those of the test set first; bounds of an interval stand with what they bound. */
export function figureRows(all: readonly Metrics[]): FigureRow[] {
  const names = new Set(all.flatMap((metrics) => Object.keys(metrics).filter((name) => isShown(name, metrics))))
  return [...names]
    .sort((a, b) => metricOrder(a) - metricOrder(b) || a.localeCompare(b))
    .map((name) => ({ name, figures: all.map((metrics) => figure(name, metrics)) }))
}

function isShown(name: string, metrics: Metrics): boolean {
  return !isSystemMetric(name) && !(BOUND.test(name) && name.replace(BOUND, '') in metrics)
}

function figure(name: string, metrics: Metrics): Figure | null {
  const value = metrics[name]
  if (value === undefined) return null
  return { value, low: metrics[`${name}_low`] ?? null, high: metrics[`${name}_high`] ?? null }
}

/** `+4.2 %` against the baseline; null where there is nothing to say. */
export function relativeChange(value: number, baseline: number): number | null {
  if (baseline === 0 || !Number.isFinite(value) || !Number.isFinite(baseline)) return null
  return (value - baseline) / Math.abs(baseline)
}
