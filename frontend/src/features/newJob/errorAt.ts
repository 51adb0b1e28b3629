import type { ApiError } from '@/shared/api/errors'
import type { FormSchema } from '@/shared/api/wire'
import type { Verdict } from './api/queries'

/** Where the master's refusal belongs: at a field that is on the page, else at the free overrides. */
export function errorAt(
  verdict: Verdict | undefined,
  schema: FormSchema | undefined,
  told: (error: ApiError) => string,
): (field: string) => string | null {
  if (!verdict || verdict.ok || verdict.error.field === null) return () => null
  const { field } = verdict.error
  const message = told(verdict.error)
  const known = schema?.fields.some((one) => one.key === field)
  const isOwn = /^(inputs|parameters|resources|name|experiment|register_as|environment|tags)(\.|$)/.test(field)
  const place = known || isOwn ? field : 'overrides'
  return (asked) => (asked === place || (asked === 'resources' && place.startsWith('resources')) ? message : null)
}
