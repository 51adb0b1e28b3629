import { ApiError, errorOf, UNREACHABLE } from './errors'

type Listener = () => void
const listeners = new Set<Listener>()

/** Calls `listener` whenever the master says that nobody is signed in (any more); returns how to stop. */
export function onUnauthorized(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** One call to the master. Throws ApiError for every answer that is no success, and where there is no answer. */
export async function send(url: string, init?: RequestInit): Promise<Response> {
  let reply: Response
  try {
    reply = await fetch(url, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, UNREACHABLE, error instanceof Error ? error.message : String(error))
  }
  if (reply.ok) return reply
  if (reply.status === 401 && !url.endsWith('/api/session')) for (const listener of listeners) listener()
  throw await errorOf(reply)
}

/** What the generated client calls: JSON in, JSON out. */
export async function request<T>(url: string, init?: RequestInit): Promise<T> {
  const reply = await send(url, init)
  const text = await reply.text()
  return (text ? JSON.parse(text) : undefined) as T
}
