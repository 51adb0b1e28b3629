import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LogMessage } from '@/shared/api/wire'
import { LiveConnection, type LiveMessage } from '@/shared/live/connection'
import { advance } from '@/shared/live/position'

const JOB = 'a'.repeat(32)

function log(offset: number, text: string, attempt = 1): LogMessage {
  return { type: 'log', job_id: JOB, attempt, rank: 0, offset, size: new TextEncoder().encode(text).length, text }
}

/** Stands in for the browser's socket: the test is the server. */
class Socket {
  static all: Socket[] = []
  static readonly OPEN = 1
  readyState = 0
  sent: { op: string; topic: string; attempt: number; offset: number }[] = []
  onopen: () => void = () => undefined
  onclose: () => void = () => undefined
  onmessage: (event: { data: string }) => void = () => undefined

  constructor() {
    Socket.all.push(this)
  }

  static get last(): Socket {
    const socket = Socket.all.at(-1)
    if (!socket) throw new Error('no socket was opened')
    return socket
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }

  close(): void {
    this.readyState = 3
  }

  accept(): void {
    this.readyState = 1
    this.onopen()
  }

  say(message: LiveMessage): void {
    this.onmessage({ data: JSON.stringify(message) })
  }

  breakDown(): void {
    this.readyState = 3
    this.onclose()
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', Socket)
  Socket.all = []
})

afterEach(() => {
  vi.useRealTimers()
})

const make = () => new LiveConnection(() => 'ws://here/api/live', { silence: 1000, firstRetry: 100, longestRetry: 400 })

describe('a live connection', () => {
  it('is open only while somebody listens', () => {
    const live = make()
    expect(live.getState()).toBe('idle')
    const stop = live.subscribe('jobs', () => undefined)
    Socket.last.accept()
    expect(live.getState()).toBe('live')
    expect(Socket.last.sent).toEqual([{ op: 'subscribe', topic: 'jobs', attempt: 0, offset: 0 }])
    stop()
    expect(live.getState()).toBe('idle')
    expect(Socket.last.readyState).toBe(3)
  })

  it('has one subscription for many listeners', () => {
    const live = make()
    const heard: string[] = []
    const stop = live.subscribe('jobs', () => heard.push('one'))
    live.subscribe('jobs', () => heard.push('two'))
    Socket.last.accept()
    expect(Socket.all).toHaveLength(1)
    expect(Socket.last.sent).toHaveLength(1)
    Socket.last.say({ type: 'job', job_id: JOB, state: 'running', attempt: 1, reason: '' })
    stop()
    Socket.last.say({ type: 'job', job_id: JOB, state: 'failed', attempt: 1, reason: '' })
    expect(heard).toEqual(['one', 'two', 'two'])
  })

  it('goes on after a break where the log was, with no line lost or doubled', () => {
    const live = make()
    let text = ''
    live.subscribe(`log:${JOB}`, (message) => {
      if (message.type === 'log') text += message.text
    })
    Socket.last.accept()
    Socket.last.say(log(0, 'one\ntw'))
    Socket.last.breakDown()
    expect(live.getState()).toBe('offline')
    vi.advanceTimersByTime(100)
    expect(Socket.all).toHaveLength(2)
    Socket.last.accept()
    expect(Socket.last.sent).toEqual([{ op: 'subscribe', topic: `log:${JOB}`, attempt: 1, offset: 6 }])
    Socket.last.say(log(4, 'two\n'))
    Socket.last.say(log(0, 'again\n', 2))
    expect(text).toBe('one\ntwo\nagain\n')
  })

  it('asks anew where bytes are missing', () => {
    const live = make()
    const heard: number[] = []
    live.subscribe(`log:${JOB}`, (message) => {
      if (message.type === 'log') heard.push(message.offset)
    })
    Socket.last.accept()
    Socket.last.say(log(0, 'one\n'))
    Socket.last.say(log(400, 'far ahead\n'))
    expect(heard).toEqual([0])
    expect(Socket.last.sent.at(-1)).toMatchObject({ attempt: 1, offset: 4 })
  })

  it('takes silence for a break, and waits longer each time', () => {
    const live = make()
    live.subscribe('nodes', () => undefined)
    Socket.last.accept()
    vi.advanceTimersByTime(999)
    Socket.last.say({ type: 'ping' })
    vi.advanceTimersByTime(999)
    expect(live.getState()).toBe('live')
    vi.advanceTimersByTime(1)
    expect(live.getState()).toBe('offline')
    for (const wait of [100, 200, 400, 400]) {
      const before = Socket.all.length
      vi.advanceTimersByTime(wait)
      expect(Socket.all.length).toBe(before + 1)
      Socket.last.breakDown()
    }
  })

  it('does not knock while nobody is signed in', () => {
    const live = make()
    live.subscribe('jobs', () => undefined)
    Socket.last.accept()
    live.pause()
    vi.advanceTimersByTime(10_000)
    expect(Socket.all).toHaveLength(1)
    live.resume()
    expect(Socket.all).toHaveLength(2)
  })

  it('tells a refused subscription to who asked for it', () => {
    const live = make()
    const heard: string[] = []
    live.subscribe('job:nothing', (message) => {
      if (message.type === 'error') heard.push(message.error)
    })
    Socket.last.accept()
    Socket.last.say({ type: 'error', error: 'unknown_job', detail: 'none', topic: 'job:nothing' })
    expect(heard).toEqual(['unknown_job'])
  })
})

describe('a position in a log', () => {
  it('cuts what was seen by bytes, not by characters', () => {
    const position = { attempt: 1, offset: 3 }
    expect(advance(position, log(0, '蛋白质'))).toMatchObject({ offset: 3, text: '白质', size: 6 })
    expect(position.offset).toBe(9)
    expect(advance(position, log(0, '蛋白质'))).toBeNull()
  })

  it('ignores what an attempt before it sends', () => {
    expect(advance({ attempt: 2, offset: 0 }, log(0, 'old', 1))).toBeNull()
  })
})
