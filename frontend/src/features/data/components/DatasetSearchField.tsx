import { useNavigate } from '@tanstack/react-router'
import { Input } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SEARCH_FIELD } from '@/shared/ui/hotkeys'
import { useDebounced } from '@/shared/ui/useDebounced'

/** What is looked for lives in the address. */
export function DatasetSearchField({ value }: { value: string }) {
  const { t } = useTranslation('data')
  const navigate = useNavigate({ from: '/data' })
  const [typed, setTyped] = useState(value)
  const settled = useDebounced(typed.trim(), 250)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed changes the address
  useEffect(() => {
    if (settled !== value) void navigate({ search: { q: settled || undefined }, replace: true })
  }, [settled])
  return (
    <search className="px-filters">
      <Input.Search
        {...SEARCH_FIELD}
        allowClear
        style={{ width: 260 }}
        placeholder={t('searchHint')}
        aria-label={t('searchHint')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </search>
  )
}
