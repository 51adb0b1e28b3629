import { Input } from 'antd'
import { useEffect, useState } from 'react'
import { SEARCH_FIELD } from './hotkeys'
import { useDebounced } from './useDebounced'

interface Props {
  value: string
  /** Once nobody has typed for a moment. */
  onChange: (text: string) => void
  placeholder: string
  label: string
  width?: number
}

/** What is looked for in a list; `/` goes there. */
export function SearchField({ value, onChange, placeholder, label, width = 240 }: Props) {
  const [typed, setTyped] = useState(value)
  const settled = useDebounced(typed, 250)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed changes the address
  useEffect(() => {
    if (settled !== value) onChange(settled)
  }, [settled])
  return (
    <Input.Search
      {...SEARCH_FIELD}
      allowClear
      style={{ width }}
      placeholder={placeholder}
      aria-label={label}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
