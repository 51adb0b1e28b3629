import { expect, test } from 'vitest'
import { EMPTY_ROW, EMPTY_SWEEP, isComplete, sweepOf } from '@/features/newJob/sweep'
import type { FormSchema } from '@/shared/api/wire'

const field = { default: null, required: false, help: '', choices: [], group: false }
const SCHEMA: FormSchema = {
  project: 'toy',
  entry_point: 'main',
  snapshot: 's',
  inputs: [],
  parameters: [{ name: 'depth', type: 'float', default: '1', required: false }],
  fields: [
    { ...field, key: 'model', kind: 'choice', choices: ['cnn', '1d'], group: true },
    { ...field, key: 'lr', kind: 'number' },
    { ...field, key: 'layers', kind: 'integer' },
  ],
  checked_on: 'master',
}

test('what is typed becomes a space; what is swept is no fixed setting any more', () => {
  const rows = [
    { ...EMPTY_ROW, key: 'model', values: 'cnn， 1d' },
    { ...EMPTY_ROW, key: 'lr', kind: 'range' as const, low: 1e-4, high: 0.1, isLog: true },
    { ...EMPTY_ROW, key: 'layers', kind: 'range' as const, low: 1, high: 4 },
    { ...EMPTY_ROW, key: 'depth', values: '1, 2.5, true, deep' },
    EMPTY_ROW,
  ]
  const draft = { ...EMPTY_SWEEP, rows, metric: ' val_loss ', finalists: 1, seeds: '1, 2' }
  const job = { project: 'toy', overrides: ['lr=0.5', 'seed=1'], parameters: { depth: '3', other: 'x' } }
  const sweep = sweepOf(draft, job, SCHEMA)
  expect(sweep.space).toEqual({
    model: { values: ['cnn', '1d'] },
    lr: { low: 1e-4, high: 0.1, step: null, log: true, integer: false },
    layers: { low: 1, high: 4, step: null, log: false, integer: true },
    depth: { values: [1, 2.5, true, 'deep'] },
  })
  expect(sweep.job).toEqual({ project: 'toy', overrides: ['seed=1'], parameters: { other: 'x' } })
  expect([sweep.metric, sweep.seeds, sweep.pruner]).toEqual(['val_loss', [1, 2], { kind: 'none' }])
})

test('a sweep needs a setting and a metric', () => {
  expect(isComplete(EMPTY_SWEEP)).toBe(false)
  expect(isComplete({ ...EMPTY_SWEEP, metric: 'loss' })).toBe(false)
  expect(isComplete({ ...EMPTY_SWEEP, metric: 'loss', rows: [{ ...EMPTY_ROW, key: 'lr' }] })).toBe(true)
})
