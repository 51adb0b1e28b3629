import type { JobMessage, LogMessage } from '@/shared/api/wire'

/** Where a follower of one rank's log is, so that a new connection goes on exactly there. */
export interface Position {
  attempt: number
  offset: number
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The part of `message` that is new at `position`, which moves on; null where nothing of it is, 'gap' where bytes before it are missing. */
export function advance(position: Position, message: LogMessage): LogMessage | null | 'gap' {
  if (message.attempt < position.attempt) return null
  if (message.attempt > position.attempt) {
    position.attempt = message.attempt
    position.offset = 0
  }
  if (message.offset > position.offset) return 'gap'
  const seen = position.offset - message.offset
  if (seen >= message.size) return null
  position.offset = message.offset + message.size
  if (seen === 0) return message
  const text = decoder.decode(encoder.encode(message.text).subarray(seen))
  return { ...message, offset: message.offset + seen, size: message.size - seen, text }
}

export function logTopic(jobId: string, rank: number): string {
  return rank === 0 ? `log:${jobId}` : `log:${jobId}/${rank}`
}

export function jobTopics(message: JobMessage): string[] {
  return ['jobs', `job:${message.job_id}`]
}
