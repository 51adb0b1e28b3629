import { ApiError, UNREACHABLE } from '@/shared/api/errors'
import { send } from '@/shared/api/request'
import { completeUpload, getPutPartUrl, openUpload, type UploadView } from '@/shared/api/wire'
import { type Hash, hashInWorker } from './hash'

export interface Progress {
  phase: 'hashing' | 'sending' | 'waiting'
  bytes: number
  total: number
}

interface Options {
  signal: AbortSignal
  onProgress: (progress: Progress) => void
  hash?: Hash
  /** Milliseconds before each new try of a part, while the master does not answer. */
  pauses?: readonly number[]
}

const PAUSES = [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 30_000, 30_000, 60_000] as const

/**
 * Sends a file in parts and returns the complete upload. The master keeps what it has by the content's digest: after a
 * break, a reload or another day the same file goes on where it stopped. Throws ApiError, or the signal's reason.
 */
export async function sendFile(file: Blob, options: Options): Promise<UploadView> {
  const { signal, onProgress, hash = hashInWorker } = options
  const total = file.size
  const sha256 = await hash(file, (bytes) => onProgress({ phase: 'hashing', bytes, total }), signal)
  const upload = await tried(options, 0, total, () => openUpload({ sha256, size: total }, { signal }))
  if (upload.complete) return upload
  const received = new Set(upload.received)
  let sent = 0
  for (let number = 0; number * upload.part_size < total; number++) {
    const part = file.slice(number * upload.part_size, (number + 1) * upload.part_size)
    if (!received.has(number)) {
      const digest = await hash(part, () => undefined, signal)
      await tried(options, sent, total, () => sendPart(upload.id, number, part, digest, signal))
    }
    sent += part.size
    onProgress({ phase: 'sending', bytes: sent, total })
  }
  return tried(options, sent, total, () => completeUpload(upload.id, { signal }))
}

async function sendPart(id: string, number: number, part: Blob, digest: string, signal: AbortSignal): Promise<void> {
  const headers = { 'X-Content-SHA256': digest, 'Content-Type': 'application/octet-stream' }
  await send(getPutPartUrl(id, number), { method: 'PUT', body: part, headers, signal })
}

/** A refusal is final; a master that is away is waited for. */
async function tried<Value>(options: Options, bytes: number, total: number, call: () => Promise<Value>) {
  const { signal, onProgress, pauses = PAUSES } = options
  for (let attempt = 0; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      const pause = pauses[attempt]
      if (!isAway(error) || pause === undefined) throw error
      onProgress({ phase: 'waiting', bytes, total })
      await slept(pause, signal)
    }
  }
}

/** Nobody answered, a proxy answered for a master that is away, or the connection broke inside a part. */
function isAway(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  return error.code === UNREACHABLE || error.code === 'http_error' || error.code === 'part_torn'
}

function slept(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const abort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', abort, { once: true })
  })
}
