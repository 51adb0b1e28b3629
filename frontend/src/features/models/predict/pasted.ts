const RESIDUES = /^[A-Za-z*]+$/
const ODD = /[^A-Za-z*]/

export interface Pasted {
  fasta: string
  records: { id: string; sequence: string }[]
}

export interface Fault {
  line: number
  letter: string
}

/** FASTA, or one sequence a line, as FASTA; the first letter that is no residue where there is one. */
export function readPasted(text: string): Pasted | Fault {
  const lines = text.split(/\r?\n/)
  const isFasta = lines.some((line) => line.startsWith('>'))
  const out: string[] = []
  const records: Pasted['records'] = []
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim()
    if (!line) continue
    if (line.startsWith('>')) {
      records.push({ id: line.slice(1).trim().split(/\s+/)[0] || `seq${records.length + 1}`, sequence: '' })
      out.push(line)
      continue
    }
    const letters = line.replace(/\s+/g, '')
    if (!RESIDUES.test(letters)) return { line: index + 1, letter: ODD.exec(letters)?.[0] ?? letters }
    if (!isFasta) {
      records.push({ id: `seq${records.length + 1}`, sequence: '' })
      out.push(`>seq${records.length}`)
    }
    const last = records.at(-1)
    if (last) last.sequence += letters.toUpperCase()
    out.push(letters.toUpperCase())
  }
  return { fasta: `${out.join('\n')}\n`, records }
}

export function isFault(read: Pasted | Fault): read is Fault {
  return 'letter' in read
}
