import type { FormField } from '@/shared/api/wire'

/** Settings that people change most; the rest of a long form is folded. */
const OFTEN = new Set(['max_epochs', 'lr', 'batch_size', 'batch_tokens', 'seed', 'dropout'])

export interface Sections {
  /** Presets and parts to choose, and what is changed most. */
  basic: FormField[]
  /** By the part of the config that they belong to. */
  rest: [string, FormField[]][]
}

function leafOf(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1)
}

function isBasic(field: FormField, isChosen: boolean): boolean {
  if (field.required || (field.group && isChosen)) return true
  if (field.group) return (field.choices?.length ?? 0) > (field.default === null ? 0 : 1)
  return OFTEN.has(leafOf(field.key))
}

/** A value that follows another key or the machine is nothing to type into. */
function isComputed(field: FormField): boolean {
  return typeof field.default === 'string' && field.default.includes('${')
}

export function sectionsOf(fields: readonly FormField[], values: Record<string, unknown>, search: string): Sections {
  const wanted = search.trim().toLowerCase()
  const found = fields.filter(
    (field) => !wanted || field.key.toLowerCase().includes(wanted) || field.help.toLowerCase().includes(wanted),
  )
  const basic = found.filter((field) => isBasic(field, field.key in values))
  const rest = new Map<string, FormField[]>()
  for (const field of found.filter((one) => !basic.includes(one) && !isComputed(one))) {
    const section = field.key.includes('.') ? field.key.slice(0, field.key.indexOf('.')) : ''
    rest.set(section, [...(rest.get(section) ?? []), field])
  }
  return { basic, rest: [...rest] }
}
