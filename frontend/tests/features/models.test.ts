import { describe, expect, it, vi } from 'vitest'
import { insisting } from '@/features/models/api/useOnDemand'
import { mainScore, scores } from '@/features/models/metrics'
import { isFault, readPasted } from '@/features/models/predict/pasted'
import { csvOf, rowsOf } from '@/features/models/predict/predicted'
import { ApiError } from '@/shared/api/errors'

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

describe('a prediction on demand', () => {
  const refused = (code: string) => new ApiError(503, code, 'later')
  const { signal } = new AbortController()

  it('is asked for again while the model starts, for as long as it takes', async () => {
    const ask = vi.fn<() => Promise<string>>().mockResolvedValue('answer')
    for (let n = 0; n < 5; n += 1) ask.mockRejectedValueOnce(refused('model_starting'))
    expect(await insisting(ask, signal, 0)).toBe('answer')
    expect(ask).toHaveBeenCalledTimes(6)
  })

  it('is given up after a few times where its worker keeps going away, and at once for all else', async () => {
    const gone = vi.fn<() => Promise<string>>().mockRejectedValue(refused('endpoint_gone'))
    await expect(insisting(gone, signal, 0)).rejects.toThrow('later')
    expect(gone).toHaveBeenCalledTimes(3)
    const large = vi.fn<() => Promise<string>>().mockRejectedValue(refused('too_many_sequences'))
    await expect(insisting(large, signal, 0)).rejects.toThrow('later')
    expect(large).toHaveBeenCalledTimes(1)
  })

  it('is not asked for again once somebody has called it off', async () => {
    const controller = new AbortController()
    const ask = vi.fn<() => Promise<string>>().mockImplementation(() => {
      controller.abort()
      return Promise.reject(refused('model_starting'))
    })
    await expect(insisting(ask, controller.signal, 0)).rejects.toThrow()
    expect(ask).toHaveBeenCalledTimes(1)
  })

  it('is a table, empty where the model can say nothing', () => {
    const answer = {
      columns: ['id', 'prediction', 'uncertainty'],
      rows: [
        { id: '野生型, 1', prediction: 1.5, uncertainty: null },
        { id: 'b', prediction: 0, uncertainty: 0.25 },
      ],
    } as unknown as Parameters<typeof rowsOf>[0]
    const rows = rowsOf(answer)
    expect(rows.map(({ fields }) => fields)).toEqual([
      ['野生型, 1', '1.5', ''],
      ['b', '0', '0.25'],
    ])
    expect(csvOf(answer, rows)).toBe('id,prediction,uncertainty\n"野生型, 1",1.5,\nb,0,0.25\n')
  })
})
