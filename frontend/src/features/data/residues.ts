export const GROUPS = ['hydrophobic', 'aromatic', 'positive', 'negative', 'polar', 'special', 'cysteine'] as const
export type Group = (typeof GROUPS)[number]

const LETTERS: Record<Group, string> = {
  hydrophobic: 'AILMV',
  aromatic: 'FWYH',
  positive: 'KR',
  negative: 'DE',
  polar: 'STNQ',
  special: 'GP',
  cysteine: 'C',
}
const GROUP_OF = new Map(
  GROUPS.flatMap((group) => [...LETTERS[group]].map((letter): [string, Group] => [letter, group])),
)

export interface Run {
  group: Group | null
  text: string
}

/** A sequence as runs of residues of one group: far fewer elements than letters. */
export function runs(sequence: string): Run[] {
  const found: Run[] = []
  let start = 0
  let group = GROUP_OF.get(sequence[0] ?? '') ?? null
  for (let at = 1; at <= sequence.length; at++) {
    const next = at < sequence.length ? (GROUP_OF.get(sequence[at] ?? '') ?? null) : undefined
    if (next === group) continue
    found.push({ group, text: sequence.slice(start, at) })
    start = at
    if (next !== undefined) group = next
  }
  return sequence ? found : []
}
