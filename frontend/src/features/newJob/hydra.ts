import type { FormField } from '@/shared/api/wire'

export type Kind = FormField['kind']

const PLAIN = /^[A-Za-z0-9_./:@%+-]+$/
/** Words that Hydra's grammar reads as something else than text. */
const NOT_TEXT = /^([+-]?(\d[\d_]*(\.\d*)?|\.\d+)(e[+-]?\d+)?|[+-]?(inf|nan)|true|false|null)$/i

/** A value as Hydra's override grammar has it: `key=value` with quotes where they are needed. */
export function hydraValue(kind: Kind, value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'boolean' || typeof value === 'number') return String(value)
  const text = String(value)
  if (kind === 'list' || kind === 'mapping') return text
  if (kind === 'string' && NOT_TEXT.test(text)) return quoted(text)
  return PLAIN.test(text) ? text : quoted(text)
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** What a plain override means for a field; undefined where the text is more than the field can show. */
export function fieldValue(kind: Kind, text: string): unknown {
  if (text === 'null') return null
  switch (kind) {
    case 'integer':
      return /^[+-]?\d+$/.test(text) ? Number(text) : undefined
    case 'number':
      return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
    case 'boolean':
      return text === 'true' || text === 'True' ? true : text === 'false' || text === 'False' ? false : undefined
    case 'list':
    case 'mapping':
      return text
    default:
      return unquoted(text)
  }
}

function unquoted(text: string): string {
  const quote = text[0]
  if ((quote !== "'" && quote !== '"') || text.length < 2 || !text.endsWith(quote)) return text
  return text.slice(1, -1).replaceAll(`\\${quote}`, quote).replaceAll('\\\\', '\\')
}

/** A field's default as a person would type it. */
export function shownDefault(field: FormField): string {
  const { default: value } = field
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value).replaceAll('"', '') : String(value)
}
