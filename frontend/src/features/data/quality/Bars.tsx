import type { ReactNode } from 'react'
import styles from './Bars.module.css'

export interface Bar {
  key: string
  /** Under the bar, where there is room. */
  label?: string
  /** All that the bar says, in words. */
  words: string
  value: number
  /** What would be usual, as a mark. */
  usual?: number
  onOpen?: () => void
}

interface Props {
  label: string
  bars: Bar[]
  /** Few bars with long names lie down. */
  lying?: boolean
}

/** A bar chart that is a list: each bar has its words for a screen reader and on hover, and may be a button. */
export function Bars({ label, bars, lying = false }: Props) {
  const highest = Math.max(...bars.map((bar) => Math.max(bar.value, bar.usual ?? 0)), Number.MIN_VALUE)
  return (
    <ul className={lying ? styles.lying : styles.standing} aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.key}>
          <Body bar={bar}>
            <span className={styles.track}>
              <span
                className={styles.fill}
                style={{ [lying ? 'width' : 'height']: `${(100 * bar.value) / highest}%` }}
                data-some={bar.value > 0 || undefined}
              />
              {bar.usual !== undefined && (
                <span className={styles.usual} style={{ bottom: `${(100 * bar.usual) / highest}%` }} />
              )}
            </span>
            <span className={styles.label} aria-hidden>
              {bar.label ?? ''}
            </span>
          </Body>
        </li>
      ))}
    </ul>
  )
}

function Body({ bar, children }: { bar: Bar; children: ReactNode }) {
  if (bar.onOpen) {
    return (
      <button type="button" className={styles.bar} title={bar.words} aria-label={bar.words} onClick={bar.onOpen}>
        {children}
      </button>
    )
  }
  return (
    <span className={styles.bar} title={bar.words}>
      {children}
      <span className="px-visually-hidden">{bar.words}</span>
    </span>
  )
}
