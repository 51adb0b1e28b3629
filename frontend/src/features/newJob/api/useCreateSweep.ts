import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { createSweep, type SweepCreate } from '@/shared/api/wire'
import { newKey } from '../key'

/** One key for one click's worth of intent: pressed twice, or sent again after a broken line, it is one sweep. */
export function useCreateSweep() {
  const sent = useRef<{ request: SweepCreate; key: string }>(null)
  return useMutation({
    mutationFn: (request: SweepCreate) => {
      if (sent.current?.request !== request) sent.current = { request, key: newKey() }
      return createSweep({ ...request, idempotency_key: sent.current.key })
    },
  })
}
