import { send } from '@/shared/api/request'
import { getReadLogUrl, indexLog } from '@/shared/api/wire'
import type { LogSource } from './LogStore'

/** One member's log at the master. */
export function logSource(jobId: string, attempt: number, rank: number): LogSource {
  return {
    index: (offset, every) => indexLog(jobId, { attempt, rank, offset, every }),
    text: async (from, to, signal) => {
      if (to <= from) return ''
      const url = getReadLogUrl(jobId, { attempt, rank, offset: from, limit: to - from })
      // Not `Response.text()`: it would swallow a byte order mark, and with it the count of bytes.
      const bytes = await (await send(url, { signal })).arrayBuffer()
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    },
  }
}

export interface Matches {
  /** Bytes at which the lines begin that hold the text. */
  offsets: number[]
  /** Whether the master stopped looking before the end. */
  more: boolean
}

const MOST_MATCHES = 1000

/** Lines that hold `text`, whatever the case; the master looks for them. */
export async function searchLog(
  place: { jobId: string; attempt: number; rank: number },
  text: string,
  signal: AbortSignal,
): Promise<Matches> {
  const { jobId, attempt, rank } = place
  const reply = await send(getReadLogUrl(jobId, { attempt, rank, search: text, limit: MOST_MATCHES }), { signal })
  const lines = (await reply.text()).split('\n')
  const offsets = lines.filter((line) => /^\d+:/.test(line)).map((line) => Number.parseInt(line, 10))
  return { offsets, more: offsets.length >= MOST_MATCHES }
}
