/** A config as `key.key` → value, as MLflow's params have it; lists and empty groups are values. */
export function flatten(value: unknown, prefix = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0) {
    return new Map(prefix ? [[prefix, value]] : [])
  }
  const found = new Map<string, unknown>()
  for (const [key, inner] of Object.entries(value)) {
    for (const [path, leaf] of flatten(inner, prefix ? `${prefix}.${key}` : key)) found.set(path, leaf)
  }
  return found
}

export interface Difference {
  key: string
  ours: string | null
  theirs: string | null
}

/** Keys whose values are not the same, or that one of the two lacks. */
export function differences(ours: unknown, theirs: unknown): Difference[] {
  const [one, other] = [flatten(ours), flatten(theirs)]
  return [...new Set([...one.keys(), ...other.keys()])]
    .sort()
    .map((key) => ({ key, ours: shown(one, key), theirs: shown(other, key) }))
    .filter((difference) => difference.ours !== difference.theirs)
}

function shown(flat: Map<string, unknown>, key: string): string | null {
  if (!flat.has(key)) return null
  const value = flat.get(key)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
