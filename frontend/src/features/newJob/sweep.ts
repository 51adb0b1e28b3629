import type { Dimension, FormSchema, JobCreate, SweepCreate } from '@/shared/api/wire'

/** One setting's values, as they are typed. */
export interface SpaceRow {
  key: string
  kind: 'list' | 'range'
  values: string
  low: number | null
  high: number | null
  step: number | null
  isLog: boolean
}

export interface SweepDraft {
  rows: SpaceRow[]
  metric: string
  direction: 'minimize' | 'maximize'
  sampler: 'grid' | 'random' | 'tpe'
  pruner: 'none' | 'median' | 'asha'
  parallelism: number
  maxTrials: number | null
  finalists: number
  seeds: string
}

export const EMPTY_ROW: SpaceRow = {
  key: '',
  kind: 'list',
  values: '',
  low: null,
  high: null,
  step: null,
  isLog: false,
}

export const EMPTY_SWEEP: SweepDraft = {
  rows: [EMPTY_ROW],
  metric: '',
  direction: 'minimize',
  sampler: 'tpe',
  pruner: 'none',
  parallelism: 4,
  maxTrials: null,
  finalists: 0,
  seeds: '',
}

/** Whether there is something to try, and something to judge it by; the master judges the rest. */
export function isComplete(draft: SweepDraft): boolean {
  return draft.metric.trim() !== '' && named(draft).length > 0
}

/** What can be swept: the form's fields and the entry point's parameters. */
export function sweepable(schema: FormSchema | undefined): string[] {
  return [...(schema?.parameters ?? []).map((one) => one.name), ...(schema?.fields ?? []).map((one) => one.key)]
}

export function choicesFor(schema: FormSchema | undefined, key: string): string[] {
  return schema?.fields.find((field) => field.key === key)?.choices ?? []
}

/** The sweep as the master takes it. What is swept is no fixed setting of the job any more. */
export function sweepOf(draft: SweepDraft, job: JobCreate, schema: FormSchema | undefined): SweepCreate {
  const rows = named(draft)
  const swept = new Set(rows.map((row) => row.key))
  const parameters = Object.entries(job.parameters ?? {}).filter(([key]) => !swept.has(key))
  return {
    job: {
      ...job,
      overrides: (job.overrides ?? []).filter((word) => !swept.has(word.slice(0, word.indexOf('=')))),
      parameters: Object.fromEntries(parameters),
    },
    space: Object.fromEntries(rows.map((row) => [row.key, dimensionOf(row, schema)])),
    metric: draft.metric.trim(),
    direction: draft.direction,
    sampler: draft.sampler,
    pruner: { kind: draft.pruner },
    parallelism: draft.parallelism,
    max_trials: draft.maxTrials,
    finalists: draft.finalists,
    seeds: words(draft.seeds).map(Number),
    name: job.name ?? null,
  }
}

function named(draft: SweepDraft): SpaceRow[] {
  return draft.rows.filter((row) => row.key !== '')
}

export function words(text: string): string[] {
  return text
    .split(/[,，]/)
    .map((word) => word.trim())
    .filter(Boolean)
}

function dimensionOf(row: SpaceRow, schema: FormSchema | undefined): Dimension {
  const field = schema?.fields.find((one) => one.key === row.key)
  if (row.kind === 'list') {
    const isText = field?.kind === 'choice' || field?.kind === 'string'
    return { values: words(row.values).map((word) => (isText ? word : scalar(word))) }
  }
  const { low, high, step } = row
  return { low, high, step, log: row.isLog, integer: field?.kind === 'integer' }
}

function scalar(word: string): string | number | boolean {
  if (word === 'true' || word === 'false') return word === 'true'
  return Number.isFinite(Number(word)) ? Number(word) : word
}
