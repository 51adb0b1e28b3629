import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { UploadView } from '@/shared/api/wire'
import { type Progress, sendFile } from './sendFile'

/** Sends one file at a time, then does `finish` with the complete upload; leaving the page stops it. */
export function useSender<Result, Extra = void>(
  finish: (upload: UploadView, extra: Extra) => Promise<Result>,
  onSuccess: (result: Result, extra: Extra) => void,
) {
  const [progress, setProgress] = useState<Progress | null>(null)
  const abort = useRef<AbortController>(null)
  useEffect(() => () => abort.current?.abort(), [])
  const mutation = useMutation({
    mutationFn: async ({ file, extra }: { file: Blob; extra: Extra }) => {
      const controller = new AbortController()
      abort.current = controller
      setProgress({ phase: 'hashing', bytes: 0, total: file.size })
      try {
        const upload = await sendFile(file, { signal: controller.signal, onProgress: setProgress })
        setProgress(null)
        return await finish(upload, extra)
      } catch (error) {
        if (controller.signal.aborted) return null
        throw error
      }
    },
    onSuccess: (result, { extra }) => {
      if (result !== null) onSuccess(result, extra)
    },
  })
  return {
    start: (file: Blob, extra: Extra) => mutation.mutate({ file, extra }),
    cancel: () => abort.current?.abort(),
    reset: mutation.reset,
    isBusy: mutation.isPending,
    error: mutation.error,
    progress,
  }
}
