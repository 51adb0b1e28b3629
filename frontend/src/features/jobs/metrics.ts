import type { JobView } from '@/shared/api/wire'

/** Names of the metrics that any of the jobs has, those of the test set first: they are what people compare. */
export function metricKeys(jobs: readonly JobView[]): string[] {
  const names = new Set(jobs.flatMap((job) => Object.keys(job.metrics ?? {})))
  const place = (name: string) =>
    name.startsWith('test') ? 0 : name.startsWith('val') ? 1 : name.startsWith('system/') ? 3 : 2
  return [...names].sort((a, b) => place(a) - place(b) || a.localeCompare(b))
}

/** The one to show where nobody chose: a rank correlation or an accuracy says more at a glance than a loss. */
export function mainMetric(keys: readonly string[]): string | undefined {
  const telling = ['spearman', 'auroc', 'accuracy', 'f1', 'pearson']
  const found = telling.map((word) => keys.find((key) => key.startsWith('test') && key.includes(word)))
  return found.find((key) => key !== undefined) ?? keys.find((key) => !key.startsWith('system/'))
}
