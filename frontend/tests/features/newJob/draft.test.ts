import { describe, expect, it } from 'vitest'
import { choicesOf, draftOf, EMPTY, overridesOf, requestOf, settle, type WholeRequest } from '@/features/newJob/draft'
import { fieldValue, hydraValue } from '@/features/newJob/hydra'
import { notebook, pxCommand, shellWord } from '@/features/newJob/snippets'
import type { FormField, FormSchema } from '@/shared/api/wire'

function field(key: string, kind: FormField['kind'], more: Partial<FormField> = {}): FormField {
  return { key, kind, default: null, required: false, help: '', choices: [], group: false, ...more }
}

const SCHEMA: FormSchema = {
  project: 'protein',
  entry_point: 'main',
  snapshot: 'd',
  inputs: [],
  parameters: [],
  checked_on: 'master',
  environments: {},
  fields: [
    field('model', 'choice', { group: true, choices: ['cnn', 'ridge'] }),
    field('trainer.max_epochs', 'integer'),
    field('lr', 'number'),
    field('track', 'boolean'),
    field('note', 'string'),
    field('columns', 'list'),
  ],
}

const CLONED: WholeRequest = {
  project: 'protein',
  entry_point: 'main',
  snapshot: 'abc',
  parameters: {},
  overrides: ['model=ridge', 'trainer.max_epochs=3', "note='a, b'", '+trainer.extra=1', 'trainer.max_epochs=many'],
  inputs: { data: 'gb1@1' },
  resources: {
    gpus: 1,
    gpu_memory: 8 * 1024 ** 3,
    gpu_share: true,
    cpus: 4,
    memory: 1024 ** 3,
    nodes: 1,
    labels: { site: 'lab' },
    node_names: [],
  },
  name: 'first',
  experiment: 'gb1',
  tags: {},
  notes: '',
  priority: 0,
  preemptible: false,
  environment: 'venv',
  warm_start: false,
  max_attempts: 5,
  time_limit: 7 * 86400,
  queue_limit: 3600,
  lease: 60,
  on_partition: 'stop',
  grace: 30,
  register_as: null,
  idempotency_key: null,
}

describe('a value as Hydra has it', () => {
  it.each([
    ['integer', 5, '5'],
    ['number', 0.001, '0.001'],
    ['boolean', false, 'false'],
    ['choice', 'ridge', 'ridge'],
    ['string', 'val_loss', 'val_loss'],
    ['string', '/data/x.csv', '/data/x.csv'],
    ['string', 'a, b', "'a, b'"],
    ['string', "it's", "'it\\'s'"],
    ['string', '5', "'5'"],
    ['string', '1e-4', "'1e-4'"],
    ['string', 'true', "'true'"],
    ['string', '突变', "'突变'"],
    ['list', '[a,b]', '[a,b]'],
    ['string', null, 'null'],
  ] as const)('%s %j is %s', (kind, value, text) => expect(hydraValue(kind, value)).toBe(text))

  it.each([
    ['string', 'a, b'],
    ['string', "it's"],
    ['string', 'back\\slash, '],
    ['integer', 12],
    ['number', -0.5],
    ['boolean', true],
  ] as const)('%s %j is read back', (kind, value) => expect(fieldValue(kind, hydraValue(kind, value))).toBe(value))

  it('of another kind is left to the free lines', () => {
    expect(fieldValue('integer', 'many')).toBeUndefined()
    expect(fieldValue('boolean', 'yes')).toBeUndefined()
    expect(fieldValue('number', '')).toBeUndefined()
  })
})

describe('a clone', () => {
  const settled = settle(draftOf(CLONED, 'parent'), SCHEMA)

  it('fills the fields that stand for its overrides and keeps the rest', () => {
    expect(settled.values).toEqual({ model: 'ridge', 'trainer.max_epochs': 3, note: 'a, b' })
    expect(settled.extra.split('\n')).toEqual(['+trainer.extra=1', 'trainer.max_epochs=many'])
    expect(choicesOf(settled, SCHEMA)).toEqual(['model=ridge'])
  })

  it('sent unchanged asks for the same', () => {
    const { idempotency_key: _, ...same } = CLONED
    const order = (words: string[] | undefined) => [...(words ?? [])].sort()
    const sent = requestOf(settled, SCHEMA)
    expect({ ...sent, overrides: order(sent.overrides) }).toEqual({
      ...same,
      overrides: order(same.overrides),
    })
  })

  it('puts groups first, since values may be theirs', () => {
    expect(overridesOf({ ...settled, extra: '' }, SCHEMA)[0]).toBe('model=ridge')
  })

  it('that is settled stays as it is', () => {
    expect(settle(settled, SCHEMA)).toBe(settled)
  })
})

describe('the same job by other ways', () => {
  const request = requestOf(
    {
      ...EMPTY,
      project: 'protein',
      inputs: { data: 'gb1@1' },
      values: { note: "it's, so" },
      gpus: 1,
      memoryGib: 8,
      name: '我的 job',
    },
    SCHEMA,
  )

  it('is a px command that a shell reads as it is', () => {
    expect(pxCommand(request)).toBe(
      `px submit protein ${shellWord("note='it\\'s, so'")} -i data=gb1@1 --gpus 1 --memory 8G --name '我的 job'`,
    )
    expect(shellWord("it's")).toBe("'it'\\''s'")
  })

  it('names the environment and a cold start where they were chosen', () => {
    expect(pxCommand({ ...request, environment: 'docker', warm_start: false })).toMatch(/ --environment docker --cold$/)
    expect(notebook({ ...request, environment: 'docker', warm_start: false })).toContain('"warm_start": False')
    expect(pxCommand(request)).not.toMatch(/environment|cold/)
  })

  it('is a notebook cell with the same request', () => {
    const text = notebook(request)
    expect(text).toContain('"project": "protein"')
    expect(text).toContain('"data": "gb1@1"')
    expect(text).not.toContain('null')
  })
})
