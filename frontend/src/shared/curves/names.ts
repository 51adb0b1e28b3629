const SYSTEM = 'system/'
const STAGES = ['test', 'best', 'val', 'train'] as const

export function isSystemMetric(key: string): boolean {
  return key.startsWith(SYSTEM)
}

/** The ends of intervals, and the scores of baselines: they belong into a table beside the score that they are of. */
export function isDetail(key: string): boolean {
  return /_(low|high)$/.test(key) || key.startsWith('baseline_')
}

/** Test, best validation, validation, training, the rest. */
export function metricOrder(key: string): number {
  const place = STAGES.findIndex((stage) => key.startsWith(`${stage}_`) || key.startsWith(`${stage}/`))
  return place < 0 ? STAGES.length : place
}

/** `val_loss` and `train_loss` belong on one chart: the part of the name behind the stage. */
export function chartOf(key: string): string {
  return key.replace(/^(train|val)[_/]/, '')
}

/** Logged once, at the end: a figure, no curve. */
function isSingle(key: string): boolean {
  return /^(test|best|baseline)[_/]/.test(key)
}

/** Charts with the metrics on each: the model's own first, the machine's last. */
export function charts(keys: readonly string[]): [string, string[]][] {
  const found = new Map<string, string[]>()
  for (const key of [...keys].sort()) {
    if (isSingle(key)) continue
    const chart = chartOf(key)
    found.set(chart, [...(found.get(chart) ?? []), key])
  }
  const rank = (chart: string) => (isSystemMetric(chart) ? 2 : chart === 'loss' ? 0 : 1)
  return [...found].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
}
