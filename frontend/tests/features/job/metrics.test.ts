import { describe, expect, it } from 'vitest'
import { mainMetric, metricKeys } from '@/features/jobs/metrics'
import type { JobView } from '@/shared/api/wire'
import { differences } from '@/shared/config/differences'
import { joined } from '@/shared/curves/curveQuery'
import { charts, metricOrder } from '@/shared/curves/names'
import { smooth } from '@/shared/curves/smooth'

describe('curves', () => {
  it('of training and validation share a chart; single figures have none; the machine comes last', () => {
    expect(charts(['val_loss', 'system/cpu', 'train_loss', 'test_loss', 'lr', 'best_val_loss'])).toEqual([
      ['loss', ['train_loss', 'val_loss']],
      ['lr', ['lr']],
      ['system/cpu', ['system/cpu']],
    ])
  })

  it('grow by what is new', () => {
    const known = { key: 'a', steps: [1], values: [2], times: [3] }
    expect(joined(known, { key: 'a', steps: [], values: [], times: [] })).toBe(known)
    expect(joined(known, { key: 'a', steps: [4], values: [5], times: [6] }).steps).toEqual([1, 4])
  })

  it('smoothed keep a constant, and begin at their first value', () => {
    expect(smooth([3, 3, 3], 0.9).every((value) => Math.abs(value - 3) < 1e-9)).toBe(true)
    expect(smooth([1, 0], 0.5)).toEqual([1, 1 / 3])
    expect(smooth([1, 2], 0)).toEqual([1, 2])
  })

  it('are ranked by what people look at first', () => {
    expect(
      ['train_loss', 'lr', 'test_mae', 'val_mae', 'best_val_mae'].sort((a, b) => metricOrder(a) - metricOrder(b)),
    ).toEqual(['test_mae', 'best_val_mae', 'val_mae', 'train_loss', 'lr'])
  })
})

describe('the metric in the list of jobs', () => {
  const job = (metrics: Record<string, number>) => ({ metrics }) as unknown as JobView

  it('is the most telling one of the test set', () => {
    const keys = metricKeys([job({ val_loss: 1, test_mae: 1, 'system/cpu': 1 }), job({ test_spearman: 1 })])
    expect(keys).toEqual(['test_mae', 'test_spearman', 'val_loss', 'system/cpu'])
    expect(mainMetric(keys)).toBe('test_spearman')
    expect(mainMetric(['val_loss'])).toBe('val_loss')
    expect(mainMetric(['system/cpu'])).toBeUndefined()
  })
})

describe('the difference of two configs', () => {
  it('names what differs and what one lacks, and nothing else', () => {
    const ours = { a: 1, b: { c: [1, 2], d: 'x' }, e: {} }
    const theirs = { a: 1, b: { c: [1, 3] }, e: {}, f: null }
    expect(differences(ours, theirs)).toEqual([
      { key: 'b.c', ours: '[1,2]', theirs: '[1,3]' },
      { key: 'b.d', ours: 'x', theirs: null },
      { key: 'f', ours: null, theirs: 'null' },
    ])
  })
})
