import { Select } from 'antd'
import { useUser } from '@/shared/session/session'

interface Props {
  value: string | undefined
  onChange: (owner: string | undefined) => void
  words: { label: string; everybody: string; mine: string }
}

/** Everybody's, one's own, or those of whoever the address names. */
export function OwnerSelect({ value, onChange, words }: Props) {
  const user = useUser()
  return (
    <Select
      style={{ minWidth: 120 }}
      aria-label={words.label}
      value={value ?? ''}
      options={[
        { value: '', label: words.everybody },
        { value: user.name, label: words.mine },
        ...(value && value !== user.name ? [{ value, label: value }] : []),
      ]}
      onChange={(owner) => onChange(owner || undefined)}
    />
  )
}
