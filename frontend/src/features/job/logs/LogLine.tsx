import Anser from 'anser'
import { memo } from 'react'
import styles from './LogView.module.css'

const LONGEST = 4000
const ESCAPE = '\u001b'
const BAD = /\b(ERROR|CRITICAL|FATAL|Traceback|[A-Za-z]*(?:Error|Exception):)/
const WARN = /\b(WARN|WARNING|[A-Za-z]*Warning:)/

interface Props {
  number: number
  text: string | undefined
  isMarked: boolean
  found: string
  onMark: (number: number) => void
}

/** One line: its colours, what was searched for in it, and its number, which is a link to it. */
export const LogLine = memo(function LogLine({ number, text, isMarked, found, onMark }: Props) {
  return (
    <div
      className={styles.line}
      data-level={text === undefined ? undefined : levelOf(text)}
      data-marked={isMarked || undefined}
    >
      <button type="button" tabIndex={-1} className={styles.number} onClick={() => onMark(number)}>
        {number + 1}
      </button>
      <span className={styles.text}>{text === undefined ? '…' : <Words text={visible(text)} found={found} />}</span>
    </div>
  )
})

/** A progress bar writes over its own line: what it wrote last is what a terminal would show. */
function visible(text: string): string {
  const written = text.endsWith('\r') ? text.slice(0, -1) : text
  return written.slice(written.lastIndexOf('\r') + 1)
}

function levelOf(text: string): 'bad' | 'warn' | undefined {
  if (BAD.test(text)) return 'bad'
  return WARN.test(text) ? 'warn' : undefined
}

function Words({ text, found }: { text: string; found: string }) {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text
  if (!cut.includes(ESCAPE)) return <Found text={cut} found={found} />
  return Anser.ansiToJson(cut, { use_classes: true, remove_empty: true }).map((part, index) => (
    <span
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line never move
      key={index}
      className={
        [part.fg, part.bg && `${part.bg}-bg`, ...(part.decorations ?? [])].filter(Boolean).join(' ') || undefined
      }
    >
      <Found text={part.content} found={found} />
    </span>
  ))
}

function Found({ text, found }: { text: string; found: string }) {
  if (!found) return text
  const lowered = text.toLowerCase()
  const needle = found.toLowerCase()
  const parts: React.ReactNode[] = []
  let from = 0
  for (let at = lowered.indexOf(needle); at >= 0; at = lowered.indexOf(needle, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + needle.length)}</mark>)
    from = at + needle.length
  }
  return parts.length ? [...parts, text.slice(from)] : text
}
