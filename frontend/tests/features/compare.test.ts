import { describe, expect, it } from 'vitest'
import { figureRows, relativeChange } from '@/features/compare/figures'
import { labels, mlflowUrl } from '@/features/compare/labels'
import { compareSearch } from '@/features/compare/search'
import { settings } from '@/features/compare/settings'
import type { JobDetail } from '@/shared/api/wire'

function job(id: string, given: Partial<JobDetail>): JobDetail {
  const common = { project: 'protein', entry_point: 'main', snapshot: 's', parameters: {}, overrides: [], config: null }
  return { id, name: id, experiment_id: '1', inputs: { data: 'gb1@1' }, ...common, ...given } as unknown as JobDetail
}

describe('settings', () => {
  it('differ as soon as any two of all runs do, and an equal one does not', () => {
    const jobs = [
      job('a', { config: { lr: 0.1, model: { width: 4 } } }),
      job('b', { config: { lr: 0.1, model: { width: 4 } } }),
      job('c', { config: { lr: 0.1, model: { width: 8, depth: 2 } } }),
    ]
    const differing = settings(jobs).filter(({ differs }) => differs)
    expect(differing).toEqual([
      { key: 'model.depth', values: [null, null, '2'], differs: true },
      { key: 'model.width', values: ['4', '4', '8'], differs: true },
    ])
    expect(settings(jobs).find(({ key }) => key === 'lr')?.values).toEqual(['0.1', '0.1', '0.1'])
  })

  it('name what went in first, and the parameters of a project without a config', () => {
    const rows = settings([job('a', { parameters: { steps: '5' } }), job('b', { inputs: { data: 'gb1@2' } })])
    expect(rows[0]?.key).toBe('entry_point')
    expect(rows.filter(({ differs }) => differs).map(({ key }) => key)).toContain('inputs.data')
    expect(rows.find(({ key }) => key === 'parameters.steps')?.values).toEqual(['5', null])
  })
})

describe('figures', () => {
  it('stand with their bounds; a run without one has none', () => {
    const rows = figureRows([
      { test_f1: 0.8, test_f1_low: 0.7, test_f1_high: 0.9, 'system/cpu': 3, val_loss: 1 },
      { val_loss: 2 },
    ])
    expect(rows).toEqual([
      { name: 'test_f1', figures: [{ value: 0.8, low: 0.7, high: 0.9 }, null] },
      {
        name: 'val_loss',
        figures: [
          { value: 1, low: null, high: null },
          { value: 2, low: null, high: null },
        ],
      },
    ])
  })

  it('are measured by the size of the baseline', () => {
    expect(relativeChange(-0.5, -1)).toBe(0.5)
    expect(relativeChange(1, 0)).toBeNull()
    expect(relativeChange(Number.NaN, 1)).toBeNull()
  })
})

describe('runs', () => {
  it('of one name get their ids', () => {
    const jobs = [job('aaaaaaaa', { name: 'x' }), job('bbbbbbbb', { name: 'x' }), job('c', { name: 'y' })]
    expect(labels(jobs)).toEqual(['x (aaaaaa)', 'x (bbbbbb)', 'y'])
  })

  it('are handed to MLflow with their experiments', () => {
    const url = decodeURIComponent(mlflowUrl([job('a', {}), job('b', {}), job('c', { experiment_id: '2' })]))
    expect(url).toBe('/mlflow/#/compare-runs?runs=["a","b","c"]&experiments=["1","2"]')
  })
})

describe('the address', () => {
  it('keeps what fits', () => {
    expect(compareSearch({ jobs: ['a', 1], baseline: 'a', all: true, curve: 3 })).toEqual({
      jobs: ['a'],
      baseline: 'a',
      all: true,
      curve: '3',
    })
    expect(compareSearch({ all: 'yes' }).all).toBeUndefined()
  })
})
