import { useRef } from 'react'
import styles from './TabBar.module.css'

interface Props<Key extends string> {
  label: string
  tabs: readonly { key: Key; label: string }[]
  active: Key
  onChange: (key: Key) => void
}

/** Tabs whose panel is the page below them. On a narrow screen they scroll sideways; arrow keys move between them. */
export function TabBar<Key extends string>({ label, tabs, active, onChange }: Props<Key>) {
  const bar = useRef<HTMLDivElement>(null)
  const move = (by: number) => {
    const at = tabs.findIndex((tab) => tab.key === active)
    const next = tabs[(at + by + tabs.length) % tabs.length]
    if (!next) return
    onChange(next.key)
    bar.current?.querySelector<HTMLElement>(`[data-tab="${next.key}"]`)?.focus()
  }
  return (
    <div
      ref={bar}
      role="tablist"
      aria-label={label}
      className={styles.bar}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') move(1)
        if (event.key === 'ArrowLeft') move(-1)
      }}
    >
      {tabs.map((tab) => (
        <button
          key={tab.key}
          type="button"
          role="tab"
          data-tab={tab.key}
          aria-selected={tab.key === active}
          tabIndex={tab.key === active ? 0 : -1}
          onClick={() => onChange(tab.key)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  )
}
