import { ArrowDownOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatCount } from '@/shared/format/numbers'
import { contentHeight, isScaled, lastTop, ROW, scrollTopOf, topLineOf, type View } from './geometry'
import { LogLine } from './LogLine'
import type { LogStore } from './LogStore'
import styles from './LogView.module.css'
import { useNews } from './useNews'

const SPARE = 12
const SETTLED = 1.5

export interface LogViewHandle {
  show: (line: number) => void
  follow: () => void
}

interface Props {
  store: LogStore
  found: string
  marked: number | null
  onMark: (line: number) => void
  isLive: boolean
  handle: React.Ref<LogViewHandle>
}

/** A window on a log of any length: only the lines in sight are in the page. */
export function LogView({ store, found, marked, onMark, isLive, handle }: Props) {
  const { t } = useTranslation('job')
  useNews(store)
  const box = useRef<HTMLElement>(null)
  const [height, setHeight] = useState(0)
  const [top, setTop] = useState(0)
  const [isFollowing, setFollowing] = useState(marked === null)
  const seenCount = useRef(0)
  const view: View = { lines: store.count, height }
  const first = Math.max(0, Math.floor(top) - SPARE)
  const last = Math.min(store.count, Math.ceil(top + height / ROW) + SPARE)

  const goTo = (line: number) => {
    const next = Math.min(Math.max(line, 0), lastTop(view))
    setTop(next)
    if (box.current) box.current.scrollTop = scrollTopOf(next, view)
  }
  const show = (line: number) => {
    setFollowing(false)
    goTo(line - Math.floor(height / ROW / 3))
  }
  const follow = () => {
    setFollowing(true)
    goTo(lastTop(view))
  }
  useImperativeHandle(handle, () => ({ show, follow }))

  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => setHeight(element.clientHeight)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  useEffect(() => store.want(first, last), [store, first, last])

  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows when there are more lines or less room
  useLayoutEffect(() => {
    if (isFollowing) goTo(lastTop(view))
  }, [store.count, height, isFollowing])

  const isMeasured = height > 0 && store.count > 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the log is there: later the reader moves it
  useLayoutEffect(() => {
    if (isMeasured && marked !== null) show(marked)
  }, [isMeasured])

  const onScroll = () => {
    if (!box.current) return
    const next = topLineOf(box.current.scrollTop, view)
    setTop(next)
    const atEnd = next >= lastTop(view) - SETTLED
    setFollowing((before) => atEnd || (before && next >= top))
    if (atEnd) seenCount.current = store.count
  }

  useScaledWheel(box, isScaled(view), (pixels) => {
    const next = top + pixels / ROW
    if (pixels < 0) setFollowing(false)
    goTo(next)
  })

  if (isFollowing) seenCount.current = store.count
  const unseen = store.count - seenCount.current
  const rows = []
  for (let line = first; line < last; line++) {
    rows.push(
      <LogLine
        // While one follows, all lines are new each time: then a line's place stays, and its text alone changes.
        key={isFollowing && isLive ? line - first : line}
        number={line}
        text={store.line(line)}
        isMarked={line === marked}
        found={found}
        onMark={onMark}
      />,
    )
  }
  return (
    <div className={styles.frame}>
      <section
        ref={box}
        className={styles.box}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={t('logs.label')}
      >
        <div style={{ height: contentHeight(view), minWidth: 'max-content' }}>
          <div className={styles.window} style={{ height: Math.min(height, contentHeight(view)) }}>
            <div style={{ transform: `translateY(${(first - top) * ROW}px)` }}>{rows}</div>
          </div>
        </div>
      </section>
      {!isFollowing && (
        <Button className={styles.pill} icon={<ArrowDownOutlined />} onClick={follow}>
          {unseen > 0 && isLive ? t('logs.unseen', { n: formatCount(unseen) }) : t('logs.toEnd')}
        </Button>
      )}
    </div>
  )
}

/** Where the scrollbar is scaled, a turn of the wheel would jump over lines: it moves by lines instead. */
function useScaledWheel(box: React.RefObject<HTMLElement | null>, isOn: boolean, move: (pixels: number) => void): void {
  const latest = useRef(move)
  latest.current = move
  useEffect(() => {
    const element = box.current
    if (!element || !isOn) return
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return
      event.preventDefault()
      latest.current(event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * ROW : event.deltaY)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [box, isOn])
}
