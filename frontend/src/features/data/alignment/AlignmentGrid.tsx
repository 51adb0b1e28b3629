import { useVirtualizer } from '@tanstack/react-virtual'
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlignmentView, RecordView } from '@/shared/api/wire'
import { Residues } from '../components/Residues'
import styles from './Alignment.module.css'
import { CELL, NAMES, type Span, spanAt } from './span'

const ROW = 20
const NEAR_END = 20

export interface GridHandle {
  /** Brings a column, from 1, to the left edge. */
  show: (column: number) => void
}

interface Props {
  view: AlignmentView
  records: RecordView[]
  onEnd: () => void
  ref: Ref<GridHandle>
}

/** Rows and columns, of which only those in sight are in the page; names and consensus stay where they are. */
export function AlignmentGrid({ view, records, onEnd, ref }: Props) {
  const { t } = useTranslation('data')
  const box = useRef<HTMLElement>(null)
  const [span, setSpan] = useState<Span>({ start: 0, stop: Math.min(view.width, 200) })
  const virtual = useVirtualizer({
    count: records.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= records.length - NEAR_END) onEnd()
  }, [last, records.length, onEnd])
  useImperativeHandle(ref, () => ({
    show: (column) => box.current?.scrollTo({ left: (column - 1) * CELL }),
  }))
  const look = () => {
    if (!box.current) return
    const next = spanAt(box.current.scrollLeft, box.current.clientWidth, view.width)
    setSpan((before) => (before.start === next.start && before.stop === next.stop ? before : next))
  }
  useEffect(look, [view.width])
  const place = { left: NAMES + span.start * CELL }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls both ways, and the keyboard must reach that
    <section ref={box} className={styles.box} tabIndex={0} aria-label={t('tab.alignment')} onScroll={look}>
      <div style={{ width: NAMES + view.width * CELL, minWidth: '100%' }}>
        <div className={styles.head}>
          <Ruler span={span} />
          {view.conservation && <Conservation values={view.conservation} span={span} />}
          {view.consensus && (
            <Line name={t('alignment.consensus')} text={view.consensus} span={span} place={place} isHead />
          )}
        </div>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const record = records[item.index]
            return (
              record && (
                <div key={item.key} className={styles.row} style={{ transform: `translateY(${item.start}px)` }}>
                  <Line name={record.id} text={record.sequence} span={span} place={place} />
                </div>
              )
            )
          })}
        </div>
      </div>
    </section>
  )
}

interface LineProps {
  name: string
  text: string
  span: Span
  place: { left: number }
  isHead?: boolean
}

function Line({ name, text, span, place, isHead }: LineProps) {
  return (
    <div className={styles.line} data-head={isHead}>
      <span className={styles.name} title={name}>
        {name}
      </span>
      <span className={styles.letters} style={place}>
        <Residues sequence={text.slice(span.start, span.stop)} />
      </span>
    </div>
  )
}

function Ruler({ span }: { span: Span }) {
  const { t } = useTranslation('data')
  const first = Math.ceil((span.start + 1) / 10) * 10
  const ticks = Array.from({ length: Math.max(0, Math.floor((span.stop - first) / 10) + 1) }, (_, n) => first + n * 10)
  return (
    <div className={styles.line}>
      <span className={styles.name}>{t('alignment.conservation')}</span>
      {ticks.map((column) => (
        <span key={column} className={styles.tick} style={{ left: NAMES + (column - 0.5) * CELL }}>
          {column}
        </span>
      ))}
    </div>
  )
}

function Conservation({ values, span }: { values: number[]; span: Span }) {
  return (
    <div className={styles.conservation} aria-hidden>
      <span className={styles.name} />
      {values.slice(span.start, span.stop).map((value, index) => {
        const column = span.start + index
        return (
          <span
            key={column}
            className={styles.bar}
            style={{ left: NAMES + column * CELL, height: `${Math.round(value * 100)}%` }}
          />
        )
      })}
    </div>
  )
}
