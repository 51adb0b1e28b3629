import { describe, expect, it } from 'vitest'
import { contentHeight, lastTop, ROW, scrollTopOf, TALLEST, topLineOf } from '@/features/job/logs/geometry'
import { type LogSource, LogStore, PAGE_LINES } from '@/features/job/logs/LogStore'
import type { LogMessage } from '@/shared/api/wire'

const encoder = new TextEncoder()

/** A log at a master: bytes that grow. */
class Log implements LogSource {
  bytes: Uint8Array
  asked: [number, number][] = []

  constructor(text: string) {
    this.bytes = encoder.encode(text)
  }

  index = async (offset: number, every: number) => {
    const marks: number[] = []
    let lines = 0
    for (let at = offset; at < this.bytes.length; at++) {
      if (this.bytes[at] !== 10) continue
      lines += 1
      if (lines % every === 0) marks.push(at + 1)
    }
    return { attempt: 1, offset, every, marks, lines, size: this.bytes.length }
  }

  text = async (from: number, to: number) => {
    this.asked.push([from, to])
    return new TextDecoder().decode(this.bytes.subarray(from, to))
  }

  /** What the master sends as it comes. */
  grow(text: string): LogMessage {
    const offset = this.bytes.length
    const more = encoder.encode(text)
    const joined = new Uint8Array(offset + more.length)
    joined.set(this.bytes)
    joined.set(more, offset)
    this.bytes = joined
    return { type: 'log', job_id: 'j', attempt: 1, rank: 0, offset, size: more.length, text }
  }
}

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `第 ${from + index} 行\n`).join('')

async function opened(text: string): Promise<[LogStore, Log]> {
  const log = new Log(text)
  const store = new LogStore(1, log)
  await store.refresh()
  return [store, log]
}

/** Waits until the page with the line has come. */
async function read(store: LogStore, line: number): Promise<string | undefined> {
  store.want(line, line)
  for (let turn = 0; turn < 20 && store.line(line) === undefined; turn++) await Promise.resolve()
  return store.line(line)
}

describe('a log', () => {
  it('is empty, then has what came', async () => {
    const [store, log] = await opened('')
    expect(store.count).toBe(0)
    store.append(log.grow('one\ntwo'))
    expect([store.count, store.line(0), store.line(1)]).toEqual([2, 'one', 'two'])
    store.append(log.grow(' and more\n'))
    expect([store.count, store.line(1)]).toEqual([2, 'two and more'])
  })

  it('of many lines is read by the page', async () => {
    const [store, log] = await opened(lines(0, 3 * PAGE_LINES + 7))
    expect(store.count).toBe(3 * PAGE_LINES + 7)
    expect(log.asked).toHaveLength(1)
    expect(await read(store, 3 * PAGE_LINES + 6)).toBe(`第 ${3 * PAGE_LINES + 6} 行`)
    expect(await read(store, PAGE_LINES)).toBe(`第 ${PAGE_LINES} 行`)
    expect(await read(store, PAGE_LINES - 1)).toBe(`第 ${PAGE_LINES - 1} 行`)
    expect(log.asked).toHaveLength(3)
    await read(store, 1)
    expect(log.asked).toHaveLength(3)
  })

  it('that grows over pages knows where each begins', async () => {
    const [store, log] = await opened(lines(0, 10))
    for (let from = 10; from < 5 * PAGE_LINES; from += 99) {
      store.append(log.grow(lines(from, Math.min(from + 99, 5 * PAGE_LINES))))
    }
    const [fresh] = await opened(new TextDecoder().decode(log.bytes))
    expect(store.count).toBe(fresh.count)
    for (const line of [0, PAGE_LINES, 2 * PAGE_LINES - 1, 5 * PAGE_LINES - 1]) {
      expect(await read(store, line)).toBe(`第 ${line} 行`)
      const offset = encoder.encode(lines(0, line)).length
      expect(await store.lineAt(offset)).toBe(line)
      expect(await fresh.lineAt(offset)).toBe(line)
    }
  })

  it('takes nothing twice and fills a gap', async () => {
    const [store, log] = await opened('a\n')
    const first = log.grow('b\n')
    const second = log.grow('c\n')
    store.append(second)
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    store.append(first)
    store.append(second)
    expect([store.count, store.line(0), store.line(1), store.line(2)]).toEqual([3, 'a', 'b', 'c'])
  })

  it('is counted anew where bytes were no text', async () => {
    const [store, log] = await opened('a\n')
    const message = log.grow('xx\nend\n')
    log.bytes[2] = 0xff
    store.append({ ...message, text: '\ufffdx\nend\n' })
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    expect([store.count, store.line(2), store.size]).toEqual([3, 'end', log.bytes.length])
  })

  it('leaves another attempt alone', async () => {
    const [store] = await opened('a\n')
    store.append({ type: 'log', job_id: 'j', attempt: 2, rank: 0, offset: 0, size: 2, text: 'b\n' })
    expect(store.count).toBe(1)
  })
})

describe('its geometry', () => {
  it('is plain while browsers can draw it', () => {
    const view = { lines: 1000, height: 360 }
    expect(contentHeight(view)).toBe(1000 * ROW)
    expect(topLineOf(180, view)).toBe(10)
    expect(lastTop(view)).toBe(980)
  })

  it.each([1_000_000, 20_000_000])('reaches both ends of %d lines and every line between', (count) => {
    const view = { lines: count, height: 540 }
    expect(contentHeight(view)).toBe(TALLEST)
    expect(topLineOf(0, view)).toBe(0)
    expect(topLineOf(contentHeight(view) - view.height, view)).toBeCloseTo(lastTop(view), 3)
    for (const line of [1, 12345, count - 31]) expect(topLineOf(scrollTopOf(line, view), view)).toBeCloseTo(line, 3)
  })
})
