import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ApiError } from '@/shared/api/errors'
import { type Progress, sendFile } from '@/shared/upload/sendFile'

const FILE = new Blob(['abcdefghij'])
const hash = async (blob: Blob) => `hash-of-${await blob.text()}`

/** A master that keeps parts of four bytes. */
function master(received: number[], refuse: (url: string) => Response | null = () => null) {
  const calls: string[] = []
  const reply = (body: unknown) => new Response(JSON.stringify(body))
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const refused = refuse(url)
    if (refused) return refused
    const digest = new Headers(init.headers).get('X-Content-SHA256')
    calls.push(`${init.method} ${url}${digest ? ` ${digest}` : ''}`)
    const view = { id: 'u1', sha256: '', size: 10, part_size: 4, received, complete: url.endsWith('/complete') }
    return init.method === 'PUT' ? new Response(null, { status: 204 }) : reply(view)
  })
  return calls
}

afterEach(() => vi.unstubAllGlobals())

describe('sendFile', () => {
  it('sends the parts that the master lacks, each with its digest', async () => {
    const calls = master([1])
    const seen: Progress[] = []
    const signal = new AbortController().signal
    const upload = await sendFile(FILE, { signal, onProgress: (progress) => seen.push(progress), hash })
    expect(upload.complete).toBe(true)
    expect(calls).toEqual([
      'POST /api/uploads',
      'PUT /api/uploads/u1/parts/0 hash-of-abcd',
      'PUT /api/uploads/u1/parts/2 hash-of-ij',
      'POST /api/uploads/u1/complete',
    ])
    expect(seen.at(-1)).toEqual({ phase: 'sending', bytes: 10, total: 10 })
  })

  it('waits for a master that is away, and goes on', async () => {
    let failures = 2
    const calls = master([], (url) => {
      if (!url.endsWith('/parts/1') || failures-- <= 0) return null
      return new Response('bad gateway', { status: 502 })
    })
    const phases: string[] = []
    const onProgress = ({ phase }: Progress) => phases.push(phase)
    await sendFile(FILE, { signal: new AbortController().signal, onProgress, hash, pauses: [1, 1, 1] })
    expect(phases.filter((phase) => phase === 'waiting')).toHaveLength(2)
    expect(calls.filter((call) => call.includes('parts/1'))).toHaveLength(1)
  })

  it('takes a refusal as final', async () => {
    const refusal = { error: 'too_large', detail: 'too large' }
    master([], () => new Response(JSON.stringify(refusal), { status: 413 }))
    const sent = sendFile(FILE, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      hash,
      pauses: [1],
    })
    await expect(sent).rejects.toMatchObject({ code: 'too_large' } satisfies Partial<ApiError>)
  })

  it('stops waiting when it is told to', async () => {
    master([], () => new Response('', { status: 502 }))
    const abort = new AbortController()
    const onProgress = ({ phase }: Progress) => {
      if (phase === 'waiting') abort.abort(new Error('stopped'))
    }
    await expect(sendFile(FILE, { signal: abort.signal, onProgress, hash, pauses: [60_000] })).rejects.toThrow(
      'stopped',
    )
  })
})
