import type { JobMessage, LiveError, LogMessage, NodeMessage, PingMessage, Subscribe } from '@/shared/api/wire'
import { advance, jobTopics, logTopic, type Position } from './position'

export type LiveMessage = LogMessage | JobMessage | NodeMessage | PingMessage | LiveError
export type LiveState = 'idle' | 'connecting' | 'live' | 'offline'
export type Handler = (message: LogMessage | JobMessage | NodeMessage | LiveError) => void

interface Subscription {
  handlers: Set<Handler>
  position: Position | null
}

interface Timing {
  /** Milliseconds without any message, pings included, after which a connection is taken for dead. */
  silence: number
  firstRetry: number
  longestRetry: number
}

const TIMING: Timing = { silence: 45_000, firstRetry: 500, longestRetry: 15_000 }

/** The page's one WebSocket: open while somebody listens, and after a break it goes on where each log was. */
export class LiveConnection {
  private socket: WebSocket | null = null
  private state: LiveState = 'idle'
  private readonly subscriptions = new Map<string, Subscription>()
  private readonly watchers = new Set<() => void>()
  private retry: ReturnType<typeof setTimeout> | undefined
  private silence: ReturnType<typeof setTimeout> | undefined
  private failures = 0
  private paused = false

  constructor(
    private readonly url: () => string,
    private readonly timing: Timing = TIMING,
  ) {}

  getState = (): LiveState => this.state

  /** For useSyncExternalStore. */
  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  /** `position` is where a log goes on; a topic has one position, that of its first subscriber. */
  subscribe(topic: string, handler: Handler, position: Position | null = null): () => void {
    const known = this.subscriptions.get(topic)
    if (known) {
      known.handlers.add(handler)
    } else {
      this.subscriptions.set(topic, { handlers: new Set([handler]), position: position && { ...position } })
      this.ask('subscribe', topic)
    }
    this.open()
    return () => this.unsubscribe(topic, handler)
  }

  /** Nobody is signed in: wait for `resume`, asking would be refused. */
  pause(): void {
    this.paused = true
    this.close('offline')
  }

  resume(): void {
    this.paused = false
    this.failures = 0
    this.open()
  }

  private unsubscribe(topic: string, handler: Handler): void {
    const subscription = this.subscriptions.get(topic)
    if (!subscription?.handlers.delete(handler) || subscription.handlers.size > 0) return
    this.subscriptions.delete(topic)
    this.ask('unsubscribe', topic)
    if (this.subscriptions.size === 0) this.close('idle')
  }

  private open(): void {
    if (this.socket || this.paused || this.subscriptions.size === 0) return
    clearTimeout(this.retry)
    if (this.state !== 'offline') this.become('connecting')
    const socket = new WebSocket(this.url())
    this.socket = socket
    socket.onopen = () => {
      this.failures = 0
      this.become('live')
      this.listenForSilence()
      for (const topic of this.subscriptions.keys()) this.ask('subscribe', topic)
    }
    socket.onmessage = (event: MessageEvent<string>) => {
      this.listenForSilence()
      this.receive(JSON.parse(event.data) as LiveMessage)
    }
    socket.onclose = () => {
      if (this.socket === socket) this.lost()
    }
  }

  private lost(): void {
    this.close('offline')
    if (this.paused || this.subscriptions.size === 0) return
    const longest = Math.min(this.timing.firstRetry * 2 ** this.failures, this.timing.longestRetry)
    this.failures += 1
    this.retry = setTimeout(() => this.open(), longest * (0.5 + Math.random() / 2))
  }

  private close(next: LiveState): void {
    clearTimeout(this.silence)
    clearTimeout(this.retry)
    const socket = this.socket
    this.socket = null
    socket?.close()
    this.become(next)
  }

  private listenForSilence(): void {
    clearTimeout(this.silence)
    this.silence = setTimeout(() => this.lost(), this.timing.silence)
  }

  private become(state: LiveState): void {
    if (this.state === state) return
    this.state = state
    for (const watcher of this.watchers) watcher()
  }

  private ask(op: Subscribe['op'], topic: string): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return
    const position = this.subscriptions.get(topic)?.position
    const request: Subscribe = { op, topic, attempt: position?.attempt ?? 0, offset: position?.offset ?? 0 }
    this.socket.send(JSON.stringify(request))
  }

  private receive(message: LiveMessage): void {
    switch (message.type) {
      case 'log':
        this.receiveLog(message)
        break
      case 'job':
        for (const topic of jobTopics(message)) this.tell(topic, message)
        break
      case 'node':
        this.tell('nodes', message)
        break
      case 'error':
        if (message.topic) this.tell(message.topic, message)
        break
    }
  }

  private receiveLog(message: LogMessage): void {
    const topic = logTopic(message.job_id, message.rank)
    const subscription = this.subscriptions.get(topic)
    if (!subscription) return
    subscription.position ??= { attempt: 1, offset: 0 }
    const news = advance(subscription.position, message)
    if (news === 'gap') this.ask('subscribe', topic)
    else if (news) this.tell(topic, news)
  }

  private tell(topic: string, message: Parameters<Handler>[0]): void {
    for (const handler of this.subscriptions.get(topic)?.handlers ?? []) handler(message)
  }
}
