export interface Score {
  name: string
  value: number
  low: number | null
  high: number | null
}

const SHOWN = /^(test|best_val|val)_/
const END = /_(low|high)$/

/** A job's own metrics, each with its confidence interval where there is one; those of the test set first. */
export function scores(metrics: Readonly<Record<string, number>>): Score[] {
  const names = Object.keys(metrics).filter((name) => SHOWN.test(name) && !isBound(name, metrics))
  return names
    .map((name) => ({
      name,
      value: metrics[name] ?? Number.NaN,
      low: metrics[`${name}_low`] ?? null,
      high: metrics[`${name}_high`] ?? null,
    }))
    .sort(
      (a, b) => Number(b.name.startsWith('test')) - Number(a.name.startsWith('test')) || a.name.localeCompare(b.name),
    )
}

/** `test_f1_low` is a bound of `test_f1`; a metric that only happens to end so is one of its own. */
function isBound(name: string, metrics: Readonly<Record<string, number>>): boolean {
  return END.test(name) && name.replace(END, '') in metrics
}

const TELLING = ['spearman', 'auroc', 'mcc', 'accuracy', 'f1', 'pearson', 'r2'] as const

/** A rank correlation or an accuracy says more at a glance than a loss. */
export function mainScore(metrics: Readonly<Record<string, number>>): Score | undefined {
  const all = scores(metrics)
  const found = TELLING.map((word) => all.find(({ name }) => name.startsWith('test') && name.includes(word)))
  return found.find((score) => score !== undefined) ?? all[0]
}
