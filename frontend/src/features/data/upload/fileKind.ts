const TABLE = /\.(csv|tsv|tab)(\.gz)?$/i
const SUFFIXES =
  /(\.(gz|fasta|fa|faa|fas|fna|seq|a2m|a3m|afa|mfa|csv|tsv|tab|sto|stk|aln|msf|pdb|ent|cif|mmcif|txt))+$/i
const UNWANTED = /[\s/@:\\]+/g
export const DATASET_NAME = /^[^\s/@:\\]{1,100}$/

export function isTable(filename: string): boolean {
  return TABLE.test(filename)
}

/** A dataset's name as the file suggests it. */
export function suggestedName(filename: string): string {
  return filename.replace(SUFFIXES, '').replace(UNWANTED, '-').slice(0, 100)
}
