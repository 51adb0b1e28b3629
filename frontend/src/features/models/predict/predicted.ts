import { unparse } from 'papaparse'
import type { Predictions } from '@/shared/api/wire'
import type { Row } from './PredictedRows'

/** What the master answered as rows of text, as a job's table has them; what the model can't say is empty. */
export function rowsOf({ columns, rows }: Predictions): Row[] {
  return rows.map((row, number) => ({ number, fields: columns.map((name) => String(row[name] ?? '')) }))
}

export function csvOf({ columns }: Predictions, rows: Row[]): string {
  return `${unparse({ fields: columns, data: rows.map(({ fields }) => fields) }, { newline: '\n' })}\n`
}
