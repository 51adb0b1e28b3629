import { InboxOutlined } from '@ant-design/icons'
import { type DragEvent, type ReactNode, useId, useState } from 'react'
import styles from './DropZone.module.css'

interface Props {
  title: string
  hint: ReactNode
  accept?: string
  onFile: (file: File) => void
}

/** A file input that also takes what is dropped on it: keyboard and screen reader use it as the input it is. */
export function DropZone({ title, hint, accept, onFile }: Props) {
  const id = useId()
  const [isOver, setIsOver] = useState(false)
  const take = (file: File | undefined) => {
    if (file) onFile(file)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    take(event.dataTransfer.files[0])
  }
  return (
    <label
      htmlFor={id}
      className={styles.zone}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <InboxOutlined className={styles.icon} aria-hidden />
      <span className={styles.title}>{title}</span>
      <span className="px-muted">{hint}</span>
      <input
        id={id}
        type="file"
        accept={accept}
        className="px-visually-hidden"
        onChange={(event) => {
          take(event.target.files?.[0])
          event.target.value = '' // the same file again is a change too
        }}
      />
    </label>
  )
}
