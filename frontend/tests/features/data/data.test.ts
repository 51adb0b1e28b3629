import { describe, expect, it } from 'vitest'
import { spanAt } from '@/features/data/alignment/span'
import { runs } from '@/features/data/residues'
import { datasetSearch, filterOf } from '@/features/data/search'
import { asFasta, inRows } from '@/features/data/sequences/sequenceText'
import { leakyShare } from '@/features/data/split/splitFacts'
import { formatOf } from '@/features/data/structure/structureText'
import { tabsOf } from '@/features/data/tabs'
import { DATASET_NAME, isTable, suggestedName } from '@/features/data/upload/fileKind'
import { readHead } from '@/features/data/upload/head'
import type { VersionView } from '@/shared/api/wire'

describe('runs', () => {
  it('joins neighbours of one group and loses no letter', () => {
    expect(runs('AILKR-GC')).toEqual([
      { group: 'hydrophobic', text: 'AIL' },
      { group: 'positive', text: 'KR' },
      { group: null, text: '-' },
      { group: 'special', text: 'G' },
      { group: 'cysteine', text: 'C' },
    ])
    expect(runs('')).toEqual([])
    const sequence = 'MKVLAAGDEWXX--PC'
    expect(
      runs(sequence)
        .map((run) => run.text)
        .join(''),
    ).toBe(sequence)
  })
})

describe('the address of a record list', () => {
  it('becomes a filter without what it does not say', () => {
    expect(filterOf(datasetSearch({ tab: 'sequences', min: '5', lines: '3,x,17', q: 7 }))).toEqual({
      search: '7',
      min_length: 5,
      line: [3, 17],
    })
    expect(filterOf(datasetSearch({ lines: 'x', tab: 'nothing' }))).toEqual({})
  })
})

describe('a sequence as text', () => {
  it('has rows of sixty with the position of the first letter', () => {
    expect(inRows('A'.repeat(61))).toEqual([
      [1, 'A'.repeat(60)],
      [61, 'A'],
    ])
    expect(asFasta({ id: 'p1', sequence: 'MKV' })).toBe('>p1\nMKV\n')
  })
})

describe('a file', () => {
  it('suggests a name that a dataset may have', () => {
    expect(suggestedName('My proteins (v2).fasta.gz')).toBe('My-proteins-(v2)')
    expect(suggestedName('蛋白.csv')).toBe('蛋白')
    expect(DATASET_NAME.test(suggestedName('a@b:c/d.pdb'))).toBe(true)
    expect([isTable('a.TSV.gz'), isTable('a.fasta')]).toEqual([true, false])
  })

  it('shows the header and first rows of a table', async () => {
    const head = await readHead(new File(['\uFEFF id ,seq\np1,"MK,V"\np2,MKL\n'], 'a.csv'))
    expect(head).toEqual({
      columns: ['id', 'seq'],
      rows: [
        ['p1', 'MK,V'],
        ['p2', 'MKL'],
      ],
    })
  })

  it('is told to be mmCIF or PDB by its beginning', () => {
    expect(formatOf('# made by\n# somebody\ndata_1A8O\n')).toBe('cif')
    expect(formatOf('HEADER    VIRAL PROTEIN\n')).toBe('pdb')
  })
})

describe('columns of an alignment', () => {
  it('are drawn with some beyond what is in sight, never outside', () => {
    const span = spanAt(1000, 800, 500)
    expect(span.start).toBeLessThanOrEqual(100)
    expect(span.stop).toBeGreaterThanOrEqual(180)
    expect(spanAt(0, 800, 30)).toEqual({ start: 0, stop: 30 })
  })
})

describe('leakage', () => {
  it('is the share at the very limit that was measured', () => {
    expect(leakyShare({ leakage: { limit: 0.5, count: 9, share_above_50: 0.25, share_above_30: 1 } })).toBe(0.25)
    expect(leakyShare({ leakage: { limit: 0.4, count: 9, share_above_30: 1 } })).toBeNull()
    expect(leakyShare({})).toBeNull()
  })
})

describe('tabs', () => {
  const version = (kind: string, paths: string[]) =>
    ({ kind, filename: paths[0], files: paths.map((path) => ({ path })), report: { kind } }) as unknown as VersionView

  it('are those that the kind of file has', () => {
    expect(tabsOf(version('structure', ['a.pdb']))).toEqual(['overview', 'structure', 'versions', 'usage'])
    expect(tabsOf(version('csv', ['a.csv']))).toContain('split')
    expect(tabsOf(version('alignment', ['a.sto']))).toContain('alignment')
    expect(tabsOf(version('file', ['a.npz', 'b.cif']), 'b.cif')).toContain('structure')
  })
})
