import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Button, Tooltip } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Works on plain HTTP in a lab's network too, where browsers offer no clipboard to scripts. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text)
    return
  }
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation()
  const [done, setDone] = useState(false)
  useEffect(() => {
    if (!done) return
    const timer = setTimeout(() => setDone(false), 2000)
    return () => clearTimeout(timer)
  }, [done])
  const name = done ? t('action.copied') : (label ?? t('action.copy'))
  return (
    <Tooltip title={name}>
      <Button
        type="text"
        size="small"
        aria-label={name}
        icon={done ? <CheckOutlined /> : <CopyOutlined />}
        onClick={(event) => {
          event.stopPropagation()
          void copy(text).then(() => setDone(true))
        }}
      />
    </Tooltip>
  )
}

/** The beginning of an id, all of it on hover and in the clipboard. */
export function ShortId({ id, length = 8 }: { id: string; length?: number }) {
  return (
    <span className="px-id">
      <code title={id}>{id.slice(0, length)}</code>
      <CopyButton text={id} />
    </span>
  )
}

/** Something to paste elsewhere, as it is. */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <div className="px-code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must reach that */}
      <section tabIndex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
      <CopyButton text={text} />
    </div>
  )
}
