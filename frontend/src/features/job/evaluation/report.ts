import { queryOptions } from '@tanstack/react-query'
import { jobKey } from '@/shared/api/jobs'
import { send } from '@/shared/api/request'
import { getDownloadArtifactUrl } from '@/shared/api/wire'
import { artifactUrl } from '../artifacts/artifactUrl'

export const REPORT = 'evaluation.json'
const KNOWN_VERSION = 1

export interface Score {
  value: number
  low?: number
  high?: number
}

export type Scores = Record<string, Score>

/** What the training library writes as `evaluation.json`, as far as it is shown. */
export interface Report {
  version: number
  rows: Record<string, number>
  main_score: string
  intervals: {
    method: string
    level: number
    replicates: number
    unit: string
    units: number
    note: string
    note_code?: string
    note_params?: Record<string, string>
  }
  test: Scores
  baselines: Record<string, { about: string; test: Scores }>
  by_identity: { label: string; name: string; rows: number; interval: Score | null }[]
  leakage: Record<string, unknown> & { level?: string; max?: number; identical?: number; share_above_90?: number }
  uncertainty?: { promised_coverage?: number | null; test_coverage?: number | null }
}

/** Null where the file is of a version that this page does not know: it is among the results all the same. */
export function parseReport(text: string): Report | null {
  const found = JSON.parse(text) as Report
  return found.version === KNOWN_VERSION && found.test ? found : null
}

export function reportQuery(jobId: string) {
  return queryOptions({
    queryKey: [...jobKey(jobId), 'evaluation'],
    queryFn: async ({ signal }) => {
      const reply = await send(artifactUrl(getDownloadArtifactUrl, jobId, REPORT), { signal })
      return parseReport(await reply.text())
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** The main score first, the others by name. */
export function scoreNames(report: Report): string[] {
  const rank = (name: string) => Number(name !== report.main_score)
  return Object.keys(report.test).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
}

const LESS_IS_MORE = /^(mse|mae|rmse|cross_entropy|brier|ece|hamming_loss)/

/** Whether the model's interval lies beyond the baseline's: then the difference is no chance. */
export function beats(score: string, model: Score | undefined, baseline: Score | undefined): boolean {
  if (model?.low === undefined || model.high === undefined || !baseline) return false
  const { low = baseline.value, high = baseline.value } = baseline
  return LESS_IS_MORE.test(score) ? model.high < low : model.low > high
}
