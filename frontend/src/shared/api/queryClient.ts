import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './errors'

const TRIES = 2

/** A refusal is final, a server that is away may come back: asked again as often as its interval says. */
function isWorthRetrying(count: number, error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500) && count < TRIES
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, retry: isWorthRetrying, retryDelay: 700, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
})
