import type { FormSchema, JobCreate, JobCreateEnvironment, Resources } from '@/shared/api/wire'
import { fieldValue, hydraValue } from './hydra'
import { EMPTY_SWEEP, type SweepDraft } from './sweep'

const GIB = 1024 ** 3

/** What somebody has filled in so far. */
export interface Draft {
  project: string
  entryPoint: string
  /** Of a clone: the very code of the job it is copied from; null is the newest. */
  snapshot: string | null
  parent: string | null
  inputs: Record<string, string>
  parameters: Record<string, string>
  /** Settings that differ from what the form shows as default, by key; groups too. */
  values: Record<string, unknown>
  /** Overrides that no field stands for, one a line. */
  extra: string
  name: string
  experiment: string
  notes: string
  tags: Record<string, string>
  gpus: number
  gpuMemoryGib: number
  cpus: number
  memoryGib: number
  nodes: number
  priority: number
  maxAttempts: number
  timeLimitHours: number | null
  registerAs: string
  environment: JobCreateEnvironment
  warmStart: boolean
  /** What no field stands for, as the job that is copied has it. */
  kept: { request: Partial<JobCreate>; resources: Partial<Resources> }
  /** Counts where a sweep is started from it. */
  sweep: SweepDraft
}

export const EMPTY: Draft = {
  project: '',
  entryPoint: 'main',
  snapshot: null,
  parent: null,
  inputs: {},
  parameters: {},
  values: {},
  extra: '',
  name: '',
  experiment: 'default',
  notes: '',
  tags: {},
  gpus: 0,
  gpuMemoryGib: 0,
  cpus: 1,
  memoryGib: 2,
  nodes: 1,
  priority: 0,
  maxAttempts: 5,
  timeLimitHours: 7 * 24,
  registerAs: '',
  environment: 'auto',
  warmStart: true,
  kept: { request: {}, resources: {} },
  sweep: EMPTY_SWEEP,
}

/** Group choices, which decide what fields there are: `model=ridge`. */
export function choicesOf(draft: Draft, schema: FormSchema | undefined): string[] {
  const groups = new Set(schema?.fields.filter((field) => field.group).map((field) => field.key))
  return Object.entries(draft.values)
    .filter(([key, value]) => groups.has(key) && typeof value === 'string')
    .map(([key, value]) => `${key}=${value}`)
    .sort()
}

export function overridesOf(draft: Draft, schema: FormSchema | undefined): string[] {
  const fields = new Map(schema?.fields.map((field) => [field.key, field]))
  const set = Object.entries(draft.values).map(([key, value]) => {
    return `${key}=${hydraValue(fields.get(key)?.kind ?? 'string', value)}`
  })
  const isGroup = (word: string) => Number(!fields.get(word.slice(0, word.indexOf('=')))?.group)
  return [...set.sort((a, b) => isGroup(a) - isGroup(b)), ...lines(draft.extra)]
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}

/** The draft as the master takes it. */
export function requestOf(draft: Draft, schema: FormSchema | undefined): JobCreate {
  const given = Object.entries(draft.inputs).filter(([, reference]) => reference)
  return {
    ...draft.kept.request,
    project: draft.project,
    entry_point: draft.entryPoint,
    snapshot: draft.snapshot,
    parameters: draft.parameters,
    overrides: overridesOf(draft, schema),
    inputs: Object.fromEntries(given),
    resources: {
      ...draft.kept.resources,
      gpus: draft.gpus,
      gpu_memory: Math.round(draft.gpuMemoryGib * GIB),
      cpus: draft.cpus,
      memory: Math.round(draft.memoryGib * GIB),
      nodes: draft.nodes,
    },
    name: draft.name.trim() || null,
    experiment: draft.experiment.trim() || 'default',
    tags: draft.tags,
    notes: draft.notes,
    priority: draft.priority,
    max_attempts: draft.maxAttempts,
    time_limit: draft.timeLimitHours === null ? null : draft.timeLimitHours * 3600,
    register_as: draft.registerAs.trim() || null,
    environment: draft.environment,
    warm_start: draft.warmStart,
  }
}

/** A request as the master gives it back, with nothing left out. */
export type WholeRequest = Required<Omit<JobCreate, 'parent_run'>> & { resources: Required<Resources> }

/** A job's request as a draft. Its overrides wait among the extra lines; `settle` sorts them once the form is there. */
export function draftOf(request: WholeRequest, parent: string): Draft {
  const { resources } = request
  return {
    project: request.project,
    entryPoint: request.entry_point,
    snapshot: request.snapshot,
    parent,
    inputs: request.inputs,
    parameters: request.parameters,
    values: {},
    extra: request.overrides.join('\n'),
    name: request.name ?? '',
    experiment: request.experiment,
    notes: request.notes,
    tags: request.tags,
    gpus: resources.gpus,
    gpuMemoryGib: resources.gpu_memory / GIB,
    cpus: resources.cpus,
    memoryGib: resources.memory / GIB,
    nodes: resources.nodes,
    priority: request.priority,
    maxAttempts: request.max_attempts,
    timeLimitHours: request.time_limit === null ? null : request.time_limit / 3600,
    registerAs: request.register_as ?? '',
    environment: request.environment,
    warmStart: request.warm_start,
    kept: {
      request: {
        lease: request.lease,
        grace: request.grace,
        preemptible: request.preemptible,
        queue_limit: request.queue_limit,
        on_partition: request.on_partition,
      },
      resources: { gpu_share: resources.gpu_share, labels: resources.labels, node_names: resources.node_names },
    },
    sweep: EMPTY_SWEEP,
  }
}

/** Moves overrides from the extra lines into the fields that stand for them. */
export function settle(draft: Draft, schema: FormSchema): Draft {
  const fields = new Map(schema.fields.map((field) => [field.key, field]))
  const values = { ...draft.values }
  const rest: string[] = []
  for (const line of lines(draft.extra)) {
    const at = line.indexOf('=')
    const field = fields.get(line.slice(0, at))
    const value = field && fieldValue(field.kind, line.slice(at + 1))
    if (field && value !== undefined) values[field.key] = value
    else rest.push(line)
  }
  return rest.length === lines(draft.extra).length ? draft : { ...draft, values, extra: rest.join('\n') }
}
