import type { RecordView } from '@/shared/api/wire'

const ROW = 60

/** Rows of sixty letters, each with the position of its first. */
export function inRows(sequence: string): [number, string][] {
  const rows: [number, string][] = []
  for (let at = 0; at < sequence.length; at += ROW) rows.push([at + 1, sequence.slice(at, at + ROW)])
  return rows
}

export function asFasta(record: Pick<RecordView, 'id' | 'sequence'>): string {
  return [`>${record.id}`, ...inRows(record.sequence).map(([, text]) => text), ''].join('\n')
}
