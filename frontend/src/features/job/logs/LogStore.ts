import type { LogIndex, LogMessage } from '@/shared/api/wire'
import { advance, type Position } from '@/shared/live/position'

/** Where a log's lines come from. */
export interface LogSource {
  index: (offset: number, every: number) => Promise<LogIndex>
  /** The bytes from `from` up to `to`, decoded. */
  text: (from: number, to: number, signal: AbortSignal) => Promise<string>
}

export const PAGE_LINES = 500
const KEPT_PAGES = 40

const encoder = new TextEncoder()
const bytesOf = (text: string) => encoder.encode(text).length

/**
 * One member's log. It knows where each 500th line begins, so that it can show any line of a million while it keeps
 * some thousands; the last page is always here and grows as news come.
 */
export class LogStore {
  readonly attempt: number
  private readonly source: LogSource
  /** Byte at which the first line of each page begins. */
  private marks: number[] = [0]
  private position: Position
  /** Lines of the last page; the last of them has no newline yet. */
  private tail: string[] = ['']
  private readonly pages = new Map<number, string[]>()
  private readonly asked = new Map<number, AbortController>()
  private readonly watchers = new Set<() => void>()
  private version = 0
  failure: unknown = null

  constructor(attempt: number, source: LogSource) {
    this.attempt = attempt
    this.source = source
    this.position = { attempt, offset: 0 }
  }

  getVersion = (): number => this.version

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  /** Lines there are, the unfinished last one too. */
  get count(): number {
    const whole = (this.marks.length - 1) * PAGE_LINES + this.tail.length - 1
    return this.tail.at(-1) === '' ? whole : whole + 1
  }

  get size(): number {
    return this.position.offset
  }

  /** Asks what there is behind the beginning of the last page: at first everything, later what polling finds. */
  async refresh(): Promise<void> {
    const begin = this.marks.at(-1) ?? 0
    const found = await this.source.index(begin, PAGE_LINES)
    if (found.size <= this.size) return
    const marks = [...this.marks, ...found.marks]
    const last = marks.at(-1) ?? 0
    const text = await this.source.text(last, found.size, new AbortController().signal)
    if (found.size <= this.size) return // news came by themselves meanwhile
    this.marks = marks
    this.tail = text.split('\n')
    this.position.offset = found.size
    this.changed()
  }

  /** What the live connection brings. Of what is known already nothing is taken twice. */
  append(message: LogMessage): void {
    if (message.attempt !== this.attempt) return
    const news = advance(this.position, message)
    if (news === null) return
    if (news === 'gap' || bytesOf(news.text) !== news.size) {
      // Bytes that are no text were replaced on the way, so lines can't be counted in it: the index can.
      void this.refreshAfter(news === 'gap' ? null : news)
      return
    }
    this.grow(news.text)
    this.changed()
  }

  line(index: number): string | undefined {
    const page = Math.floor(index / PAGE_LINES)
    const lines = page === this.marks.length - 1 ? this.tail : this.pages.get(page)
    return lines?.[index - page * PAGE_LINES]
  }

  /** Makes sure that the lines are on their way; pages that were asked for and have gone out of sight are called off. */
  want(from: number, to: number): void {
    const last = this.marks.length - 1
    const wanted = new Set<number>()
    for (let page = Math.floor(from / PAGE_LINES); page <= Math.floor(to / PAGE_LINES); page++) {
      if (page >= 0 && page < last && !this.pages.has(page)) wanted.add(page)
    }
    for (const [page, request] of this.asked) if (!wanted.has(page)) request.abort()
    for (const page of wanted) if (!this.asked.has(page)) void this.load(page)
  }

  /** The number, from 0, of the line that begins at a byte. */
  async lineAt(offset: number): Promise<number> {
    const page = this.marks.findLastIndex((mark) => mark <= offset)
    const lines = page === this.marks.length - 1 ? this.tail : await this.load(page)
    let at = this.marks[page] ?? 0
    let line = 0
    while (at < offset && line < (lines?.length ?? 0) - 1) {
      at += bytesOf(lines?.[line] ?? '') + 1
      line += 1
    }
    return page * PAGE_LINES + line
  }

  close(): void {
    for (const request of this.asked.values()) request.abort()
  }

  private async refreshAfter(news: LogMessage | null): Promise<void> {
    if (news) this.position.offset = news.offset
    await this.refresh().catch((error: unknown) => this.failed(error))
  }

  private grow(text: string): void {
    const [first = '', ...rest] = text.split('\n')
    this.tail[this.tail.length - 1] += first
    for (const line of rest) {
      if (this.tail.length === PAGE_LINES) this.turnPage()
      this.tail.push(line)
    }
  }

  /** The last page is full: the next line begins a new one. */
  private turnPage(): void {
    const begin = this.marks.at(-1) ?? 0
    const full = this.tail
    this.keep(this.marks.length - 1, full)
    this.marks.push(begin + full.reduce((sum, line) => sum + bytesOf(line) + 1, 0))
    this.tail = []
  }

  private async load(page: number): Promise<string[] | undefined> {
    const known = this.pages.get(page)
    if (known) return known
    const [from, to] = [this.marks[page] ?? 0, this.marks[page + 1] ?? this.size]
    const request = new AbortController()
    this.asked.set(page, request)
    try {
      const lines = (await this.source.text(from, to, request.signal)).split('\n').slice(0, PAGE_LINES)
      this.keep(page, lines)
      this.failure = null
      this.changed()
      return lines
    } catch (error) {
      if (!request.signal.aborted) this.failed(error)
      return undefined
    } finally {
      if (this.asked.get(page) === request) this.asked.delete(page)
    }
  }

  private keep(page: number, lines: string[]): void {
    this.pages.set(page, lines)
    for (const oldest of this.pages.keys()) {
      if (this.pages.size <= KEPT_PAGES) break
      this.pages.delete(oldest)
    }
  }

  private failed(error: unknown): void {
    this.failure = error
    this.changed()
  }

  private changed(): void {
    this.version += 1
    for (const watcher of this.watchers) watcher()
  }
}
