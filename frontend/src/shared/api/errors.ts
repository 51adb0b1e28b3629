import type { ErrorBody, Words } from './wire'

/** What every failed call throws: the master's stable code and sentence, or `unreachable` where nobody answered. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  /** Dotted name of the request's field at fault, where it is one field. */
  readonly field: string | null
  /** The sentence by its code, where it is one that the portal words itself. */
  readonly words: Words | null
  /** The job that it is about, where there is one. */
  readonly job: string | null

  constructor(status: number, code: string, detail: string, of: Partial<Omit<ErrorBody, 'error' | 'detail'>> = {}) {
    super(detail)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.field = of.field ?? null
    this.words = of.words ?? null
    this.job = of.job ?? null
  }
}

export const UNREACHABLE = 'unreachable'

function isErrorBody(value: unknown): value is ErrorBody {
  return typeof value === 'object' && value !== null && 'error' in value && 'detail' in value
}

export async function errorOf(reply: Response): Promise<ApiError> {
  const text = await reply.text()
  try {
    const body: unknown = JSON.parse(text)
    if (isErrorBody(body)) {
      return new ApiError(reply.status, body.error, body.detail, body)
    }
  } catch {
    // Not from the master: a proxy in between wrote it. Its status is all there is to say.
  }
  return new ApiError(reply.status, 'http_error', `${reply.status} ${reply.statusText}`.trim())
}
