export type HashAnswer = { done: number } | { digest: string } | { error: string }
export type Hash = (blob: Blob, onProgress: (bytes: number) => void, signal: AbortSignal) => Promise<string>

/** SHA-256 of a file or a piece of one, in a worker of its own. Rejects where the file can't be read any more. */
export const hashInWorker: Hash = (blob, onProgress, signal) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module' })
    const end = (settle: () => void) => {
      worker.terminate()
      signal.removeEventListener('abort', abort)
      settle()
    }
    const abort = () => end(() => reject(signal.reason))
    signal.addEventListener('abort', abort)
    worker.onerror = (event) => end(() => reject(new Error(event.message)))
    worker.onmessage = ({ data }: MessageEvent<HashAnswer>) => {
      if ('done' in data) onProgress(data.done)
      else if ('digest' in data) end(() => resolve(data.digest))
      else end(() => reject(new Error(data.error)))
    }
    worker.postMessage(blob)
  })
