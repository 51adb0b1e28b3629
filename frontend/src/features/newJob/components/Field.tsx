import { type ReactNode, useId } from 'react'
import styles from './NewJob.module.css'

interface Props {
  label: string
  help?: string
  error?: string | null
  isWide?: boolean
  children: (id: string, status: 'error' | '') => ReactNode
}

/** A labelled control that is no setting of the project's. */
export function Field({ label, help, error, isWide, children }: Props) {
  const id = useId()
  return (
    <div className={`${styles.field} ${isWide ? styles.wide : ''}`}>
      <label htmlFor={id}>{label}</label>
      {children(id, error ? 'error' : '')}
      {(error || help) && (
        <div className={styles.help}>
          {error && <div role="alert">{error}</div>}
          {help}
        </div>
      )}
    </div>
  )
}
