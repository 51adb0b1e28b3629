import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { ApiError } from '@/shared/api/errors'
import { type ModelVersionView, type Predictions, predictNow, type SequenceIn } from '@/shared/api/wire'
import { endpointsQuery } from './endpointQueries'

/** Seconds that one call may wait for a model that starts; whoever waits for longer is asked for again. */
const WAIT = 20
const PAUSE_MS = 1_000
const TRIES = 3

/** The answer of a model that is kept loaded, or that is loaded for it: then this waits, until `cancel`. */
export function useOnDemand({ name, version }: ModelVersionView) {
  const client = useQueryClient()
  const abort = useRef<AbortController>(null)
  useEffect(() => () => abort.current?.abort(), [])
  const ask = (sequences: SequenceIn[], signal: AbortSignal) =>
    predictNow(`${encodeURIComponent(name)}@${version}`, { sequences }, { wait: WAIT }, { signal })
  const mutation = useMutation({
    mutationFn: async (sequences: SequenceIn[]): Promise<Predictions | null> => {
      abort.current?.abort()
      const controller = new AbortController()
      abort.current = controller
      const { signal } = controller
      try {
        return await insisting(() => ask(sequences, signal), signal)
      } catch (error) {
        if (signal.aborted) return null
        throw error
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: endpointsQuery().queryKey }),
  })
  return {
    start: mutation.mutate,
    cancel: () => abort.current?.abort(),
    reset: mutation.reset,
    isBusy: mutation.isPending,
    error: mutation.error,
    answer: mutation.data ?? null,
  }
}

/** Asks again while the model starts, and a few times where its worker has just gone. */
export async function insisting<T>(ask: () => Promise<T>, signal: AbortSignal, pauseMs = PAUSE_MS): Promise<T> {
  for (let lost = 0; ; ) {
    try {
      return await ask()
    } catch (error) {
      const code = error instanceof ApiError ? error.code : ''
      if (code !== 'model_starting' && (!GONE.has(code) || ++lost >= TRIES)) throw error
      await new Promise((done) => setTimeout(done, pauseMs))
      signal.throwIfAborted()
    }
  }
}

const GONE: ReadonlySet<string> = new Set(['endpoint_gone', 'request_lost'])
