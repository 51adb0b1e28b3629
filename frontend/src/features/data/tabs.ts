import type { VersionView } from '@/shared/api/wire'
import { reportOf } from './report'
import { DATASET_TABS, type DatasetTab } from './search'

const RECORDS: ReadonlySet<string> = new Set(['fasta', 'csv', 'tsv', 'variants', 'alignment'])
const TABLES: ReadonlySet<string> = new Set(['fasta', 'csv', 'tsv', 'variants'])
const STRUCTURE = /\.(pdb|ent|cif|mmcif)(\.gz)?$/i

/** What there is to see of a version, by the kind of its file. */
export function tabsOf(version: VersionView, file?: string): DatasetTab[] {
  const shown = file ?? version.files[0]?.path ?? version.filename
  const isSingle = version.files.length === 1
  const isStructure = isSingle ? version.kind === 'structure' : STRUCTURE.test(shown)
  const isAlignment = version.kind === 'alignment' || reportOf(version)?.kind === 'alignment'
  const has: Record<DatasetTab, boolean> = {
    overview: true,
    sequences: isSingle ? RECORDS.has(version.kind) : !isStructure,
    alignment: isAlignment,
    structure: isStructure,
    split: isSingle && TABLES.has(version.kind),
    versions: true,
    usage: true,
  }
  return DATASET_TABS.filter((tab) => has[tab])
}
