import { describe, expect, it } from 'vitest'
import { beats, parseReport, type Report, scoreNames } from '@/features/job/evaluation/report'
import { isDetail } from '@/shared/curves/names'

const REPORT = {
  version: 1,
  main_score: 'spearman',
  test: {
    mse: { value: 1.03, low: 0.99, high: 1.09 },
    spearman: { value: 0.75, low: 0.738, high: 0.76 },
    mae: { value: 0.79 },
  },
} as unknown as Report

describe('an evaluation', () => {
  it('shows the main score first', () => {
    expect(scoreNames(REPORT)).toEqual(['spearman', 'mae', 'mse'])
  })

  it('of a version that is not known is not read', () => {
    expect(parseReport(JSON.stringify(REPORT))).toEqual(REPORT)
    expect(parseReport(JSON.stringify({ ...REPORT, version: 2 }))).toBeNull()
  })

  it.each([
    ['spearman', { value: 0.75, low: 0.73, high: 0.76 }, { value: 0.57, low: 0.55, high: 0.59 }, true],
    ['spearman', { value: 0.75, low: 0.58, high: 0.8 }, { value: 0.57, low: 0.55, high: 0.59 }, false],
    ['mse', { value: 1.0, low: 0.9, high: 1.1 }, { value: 1.3, low: 1.2, high: 1.4 }, true],
    ['mse', { value: 1.3, low: 1.2, high: 1.4 }, { value: 1.0, low: 0.9, high: 1.1 }, false],
    ['spearman', { value: 0.75 }, { value: 0.1 }, false],
  ] as const)(
    '%s: whether the model is better than a baseline is told by their intervals',
    (score, model, baseline, better) => {
      expect(beats(score, model, baseline)).toBe(better)
    },
  )

  it('keeps what belongs to a score off the tiles', () => {
    expect(['test_mae', 'test_mae_low', 'baseline_mean_test_mae'].filter(isDetail)).toEqual([
      'test_mae_low',
      'baseline_mean_test_mae',
    ])
  })
})
