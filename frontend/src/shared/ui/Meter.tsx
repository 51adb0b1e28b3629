import styles from './Meter.module.css'

interface Props {
  label: string
  value: number
  max: number
  /** What stands beside the bar: `3.2 / 24 GiB`. */
  text: string
  /** Above this part of `max` the bar warns. */
  warnAt?: number
}

/** A bar for how much of something is used. */
export function Meter({ label, value, max, text, warnAt = 0.9 }: Props) {
  const part = max > 0 ? Math.min(Math.max(value / max, 0), 1) : 0
  return (
    <div className={styles.meter}>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw <meter> each in its own colours */}
      <div
        role="meter"
        aria-label={label}
        aria-valuenow={Math.round(part * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={text}
        className={styles.bar}
        data-warn={part >= warnAt || undefined}
      >
        <span style={{ width: `${part * 100}%` }} />
      </div>
      <span className="px-number">{text}</span>
    </div>
  )
}
