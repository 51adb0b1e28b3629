export type Kind = 'image' | 'table' | 'json' | 'text' | 'other'

const KINDS: [Kind, RegExp][] = [
  ['image', /\.(png|jpe?g|gif|webp|svg)$/i],
  ['table', /\.(csv|tsv)$/i],
  ['json', /\.json$/i],
  [
    'text',
    /\.(txt|log|md|ya?ml|toml|ini|cfg|py|fa|fasta|faa|a2m|a3m|sto|pdb|cif|xml|html?)$|(^|\/)(MLmodel|MLproject)$/i,
  ],
]

/** How a file can be shown, by its name. */
export function kindOf(path: string): Kind {
  return KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'other'
}
