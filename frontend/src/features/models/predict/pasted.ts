const RESIDUES = /^[A-Za-z*]+$/
const ODD = /[^A-Za-z*]/

export interface Pasted {
  fasta: string
  count: number
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
  let count = 0
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim()
    if (!line) continue
    if (line.startsWith('>')) {
      count += 1
      out.push(line)
      continue
    }
    const letters = line.replace(/\s+/g, '')
    if (!RESIDUES.test(letters)) return { line: index + 1, letter: ODD.exec(letters)?.[0] ?? letters }
    if (!isFasta) {
      count += 1
      out.push(`>seq${count}`)
    }
    out.push(letters.toUpperCase())
  }
  return { fasta: `${out.join('\n')}\n`, count }
}

export function isFault(read: Pasted | Fault): read is Fault {
  return 'letter' in read
}
