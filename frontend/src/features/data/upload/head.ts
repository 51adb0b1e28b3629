import { parse } from 'papaparse'

const BYTES = 64 * 1024
const ROWS = 4

export interface Head {
  columns: string[]
  rows: string[][]
}

/** Header and first rows of a table, plain or gzip; no more of the file is read. */
export async function readHead(file: File): Promise<Head> {
  const text = file.name.toLowerCase().endsWith('.gz') ? await unpacked(file) : await file.slice(0, BYTES).text()
  const { data } = parse<string[]>(text.replace(/^\uFEFF/, ''), { preview: ROWS + 1, skipEmptyLines: true })
  const [columns = [], ...rows] = data
  return { columns: columns.map((name) => name.trim()), rows }
}

async function unpacked(file: File): Promise<string> {
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  const decoder = new TextDecoder()
  let text = ''
  while (text.length < BYTES) {
    const { done, value } = await reader.read()
    if (done) break
    text += decoder.decode(value, { stream: true })
  }
  await reader.cancel()
  return text
}
