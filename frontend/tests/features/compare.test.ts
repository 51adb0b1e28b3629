import { describe, expect, it } from 'vitest'
import { figureRows, relativeChange } from '@/features/compare/figures'
import { labels, mlflowUrl } from '@/features/compare/labels'
import { mainFirst, testable } from '@/features/compare/pairs'
import { compareSearch } from '@/features/compare/search'
import { settings } from '@/features/compare/settings'
import { MOST_BESIDE, side } from '@/features/compare/side'
import type { ComparedRun } from '@/shared/api/wire'

function job(id: string, given: Partial<ComparedRun>): ComparedRun {
  return { id, name: id, experiment_id: '1', state: 'succeeded', settings: {}, metrics: {}, ...given } as ComparedRun
}

describe('settings', () => {
  it('differ as soon as any two of all runs do, and an equal one does not', () => {
    const runs = [
      job('a', { settings: { lr: '0.1', 'model.width': '4' } }),
      job('b', { settings: { lr: '0.1', 'model.width': '4' } }),
      job('c', { settings: { lr: '0.1', 'model.width': '8', 'model.depth': '2' } }),
    ]
    const differing = settings(runs).filter(({ differs }) => differs)
    expect(differing).toEqual([
      { key: 'model.depth', values: [null, null, '2'], differs: true },
      { key: 'model.width', values: ['4', '4', '8'], differs: true },
    ])
    expect(settings(runs).find(({ key }) => key === 'lr')?.values).toEqual(['0.1', '0.1', '0.1'])
  })

  it('name what went in first', () => {
    const rows = settings([job('a', { settings: { a: '1', 'inputs.data': 'gb1@2', entry_point: 'main' } })])
    expect(rows.map(({ key }) => key)).toEqual(['entry_point', 'inputs.data', 'a'])
  })
})

describe('paired tests', () => {
  const tested = { metrics: { test_mcc: 0.5 } }

  it('are of runs that ended well with a test score, against a baseline that did', () => {
    const [a, b, c, d] = [
      job('a', tested),
      job('b', tested),
      job('c', {}),
      job('d', { ...tested, state: 'failed' as ComparedRun['state'] }),
    ]
    expect(testable([a, b, c, d], a)).toEqual([b])
    expect(testable([a, b, c, d], c)).toEqual([])
  })

  it('begin with the score that a run is usually judged by', () => {
    expect(mainFirst(['ece', 'mcc', 'accuracy', 'ece'])).toEqual(['mcc', 'accuracy', 'ece'])
  })
})

describe('runs beside each other', () => {
  it('are the first ones, and the baseline wherever it is', () => {
    const runs = Array.from({ length: 100 }, (_, index) => job(String(index), {}))
    const { runs: shown, names, baseline } = side(runs, 77)
    expect(shown).toHaveLength(MOST_BESIDE)
    expect(shown[baseline]?.id).toBe('77')
    expect(names[baseline]).toBe('77')
    expect(side(runs, 3).baseline).toBe(3)
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
