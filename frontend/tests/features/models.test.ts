import { describe, expect, it } from 'vitest'
import { mainScore, scores } from '@/features/models/metrics'
import { isFault, readPasted } from '@/features/models/predict/pasted'

describe('scores', () => {
  it('have their intervals, and the test set first', () => {
    const metrics = { val_loss: 1, test_mae: 0.5, test_spearman: 0.7, test_spearman_low: 0.6, test_spearman_high: 0.8 }
    expect(scores(metrics)).toEqual([
      { name: 'test_mae', value: 0.5, low: null, high: null },
      { name: 'test_spearman', value: 0.7, low: 0.6, high: 0.8 },
      { name: 'val_loss', value: 1, low: null, high: null },
    ])
    expect(mainScore(metrics)?.name).toBe('test_spearman')
  })

  it('take a metric that only ends like a bound for one of its own', () => {
    expect(scores({ test_low: 1 }).map(({ name }) => name)).toEqual(['test_low'])
    expect(mainScore({ train_loss: 1 })).toBeUndefined()
  })
})

describe('pasted sequences', () => {
  it('become FASTA, one a line or as they are', () => {
    expect(readPasted('mkv\n\n AL G \n')).toEqual({
      fasta: '>seq1\nMKV\n>seq2\nALG\n',
      records: [
        { id: 'seq1', sequence: 'MKV' },
        { id: 'seq2', sequence: 'ALG' },
      ],
    })
    expect(readPasted('>a first\nMK\nVL\n>b\nMM')).toEqual({
      fasta: '>a first\nMK\nVL\n>b\nMM\n',
      records: [
        { id: 'a', sequence: 'MKVL' },
        { id: 'b', sequence: 'MM' },
      ],
    })
  })

  it('name the line and letter that is none', () => {
    const read = readPasted('MKV\nMK1V')
    expect(isFault(read) && read).toEqual({ line: 2, letter: '1' })
  })
})
