import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { memo, type ReactNode, type Ref, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './DataTable.module.css'
import { useHotkeys } from './hotkeys'

export interface Column<Row> {
  key: string
  title: string
  render: (row: Row) => ReactNode
  /** Numbers stand right. */
  align?: 'right'
  width?: string
  /** Of the row's name: it is the row's header, and comes first on a narrow screen. */
  isName?: boolean
}

interface Selection {
  selected: ReadonlySet<string>
  onChange: (selected: Set<string>) => void
}

interface Props<Row> {
  label: string
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
  rowName: (row: Row) => string
  onOpen?: (row: Row) => void
  selection?: Selection
  /** Called when the last rows come into sight. */
  onEnd?: () => void
  /** Of all rows, where not all are loaded. */
  total?: number
}

const ROW = 37
const NEAR_END = 10
const ENTER = 'Enter'

/** The portal's one table: only the rows in sight are in the page, so ten thousand cost what fifty do. */
export function DataTable<Row>(props: Props<Row>) {
  const { label, columns, rows, rowKey, rowName, selection } = props
  const { t } = useTranslation()
  const body = useRef<HTMLTableSectionElement>(null)
  const [margin, setMargin] = useState(0)
  useLayoutEffect(() => {
    if (body.current) setMargin(body.current.getBoundingClientRect().top + window.scrollY)
  }, [])
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW,
    overscan: 12,
    scrollMargin: margin,
    getItemKey: useKeys(rows, rowKey),
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)
  const { onEnd } = props
  useEffect(() => {
    if (last && last.index >= rows.length - NEAR_END) onEnd?.()
  }, [last, rows.length, onEnd])
  const cursor = useRowKeys(props, (index) => virtual.scrollToIndex(index, { align: 'auto' }))
  const latest = useRef(selection)
  useLayoutEffect(() => {
    latest.current = selection
  })
  const toggle = useCallback((key: string) => latest.current?.onChange(toggled(latest.current.selected, key)), [])
  const before = items[0] ? items[0].start - margin : 0
  const after = last ? virtual.getTotalSize() - (last.end - margin) : 0
  const width = columns.length + (selection ? 1 : 0)

  return (
    <table className={styles.table} aria-label={label} aria-rowcount={(props.total ?? rows.length) + 1}>
      <thead>
        <tr>
          {selection && (
            <th className={styles.select}>
              <SelectAll keys={rows.map(rowKey)} {...selection} />
            </th>
          )}
          {columns.map((column) => (
            <th key={column.key} scope="col" style={{ width: column.width }} className={styles[column.align ?? 'left']}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {before > 0 && <Spacer height={before} width={width} />}
        {items.map((item) => {
          const row = rows[item.index]
          if (!row) return null
          const key = rowKey(row)
          return (
            <BodyRow
              key={item.key}
              measure={virtual.measureElement}
              index={item.index}
              columns={columns}
              row={row}
              rowKey={key}
              isCursor={item.index === cursor}
              selectLabel={selection && t('table.select', { name: rowName(row) })}
              isSelected={selection?.selected.has(key)}
              onToggle={toggle}
            />
          )
        })}
        {after > 0 && <Spacer height={after} width={width} />}
      </tbody>
    </table>
  )
}

/** The same function while the rows are the same ones: else all rows would be laid out anew at each step of scrolling. */
function useKeys<Row>(rows: Row[], rowKey: (row: Row) => string): (index: number) => string | number {
  const latest = useRef(rowKey)
  latest.current = rowKey
  return useCallback(
    (index) => {
      const row = rows[index]
      return row ? latest.current(row) : index
    },
    [rows],
  )
}

interface BodyRowProps<Row> {
  measure: Ref<HTMLTableRowElement>
  index: number
  columns: Column<Row>[]
  row: Row
  rowKey: string
  isCursor: boolean
  /** Where rows can be selected. */
  selectLabel: string | undefined
  isSelected: boolean | undefined
  onToggle: (key: string) => void
}

/** Drawn anew only where something of it has changed: while one scrolls, most rows stay what they are. */
const BodyRow = memo(function BodyRow<Row>(props: BodyRowProps<Row>) {
  const { measure, index, columns, row, rowKey, isCursor, selectLabel, isSelected, onToggle } = props
  return (
    <tr
      ref={measure}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={isCursor ? styles.cursor : undefined}
    >
      {selectLabel !== undefined && (
        <td className={styles.select}>
          <input type="checkbox" aria-label={selectLabel} checked={isSelected} onChange={() => onToggle(rowKey)} />
        </td>
      )}
      {columns.map((column) => (
        <Cell key={column.key} column={column} row={row} />
      ))}
    </tr>
  )
}) as <Row>(props: BodyRowProps<Row>) => ReactNode

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const content = column.render(row)
  const className = styles[column.align ?? 'left']
  if (column.isName) {
    return (
      <th scope="row" className={`${className} ${styles.name}`}>
        {content}
      </th>
    )
  }
  return (
    <td data-label={column.title} className={className}>
      {content}
    </td>
  )
}

function Spacer({ height, width }: { height: number; width: number }) {
  return (
    <tr aria-hidden className={styles.spacer}>
      <td colSpan={width} style={{ height }} />
    </tr>
  )
}

function SelectAll({ keys, selected, onChange }: { keys: string[] } & Selection) {
  const { t } = useTranslation()
  const count = keys.filter((key) => selected.has(key)).length
  return (
    <input
      type="checkbox"
      aria-label={t('table.selectAll')}
      checked={count > 0 && count === keys.length}
      ref={(box) => {
        if (box) box.indeterminate = count > 0 && count < keys.length
      }}
      onChange={() => onChange(new Set(count === keys.length ? [] : keys))}
    />
  )
}

function toggled(selected: ReadonlySet<string>, key: string): Set<string> {
  const next = new Set(selected)
  if (!next.delete(key)) next.add(key)
  return next
}

/**
 * `j` and `k` move through the rows, `Enter` opens, `x` selects. Returns the index of the row they are at.
 * A table that is only to be read leaves the keys to the one of its page that is not.
 */
function useRowKeys<Row>({ rows, rowKey, onOpen, selection }: Props<Row>, show: (index: number) => void): number {
  const [cursor, setCursor] = useState(-1)
  const move = (by: number) => {
    if (!onOpen && !selection) return
    const next = Math.min(Math.max(cursor + by, 0), rows.length - 1)
    setCursor(next)
    show(next)
  }
  const row = rows[cursor]
  useHotkeys({
    j: () => move(1),
    k: () => move(-1),
    x: () => row && selection?.onChange(toggled(selection.selected, rowKey(row))),
    // On a link or button the key is that one's.
    [ENTER]: () => row && document.activeElement === document.body && onOpen?.(row),
  })
  return cursor
}
