import { useNavigate } from '@tanstack/react-router'
import { Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SweepState } from '@/shared/api/wire'
import { useUser } from '@/shared/session/session'
import { SEARCH_FIELD } from '@/shared/ui/hotkeys'
import { useDebounced } from '@/shared/ui/useDebounced'
import type { SweepsSearch } from '../search'

/** All filters live in the address, so that a filtered list can be sent to somebody. */
export function SweepFilters({ search }: { search: SweepsSearch }) {
  const { t } = useTranslation(['sweeps', 'common'])
  const user = useUser()
  const navigate = useNavigate({ from: '/sweeps' })
  const set = (change: SweepsSearch) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  const [typed, setTyped] = useState(search.q ?? '')
  const settled = useDebounced(typed, 250)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed changes the address
  useEffect(() => {
    if (settled !== (search.q ?? '')) set({ q: settled || undefined })
  }, [settled])
  return (
    <search className="px-filters" aria-label={t('filters')}>
      <Input.Search
        {...SEARCH_FIELD}
        allowClear
        style={{ width: 240 }}
        placeholder={t('column.name')}
        aria-label={t('common:action.search')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Select
        mode="multiple"
        allowClear
        style={{ minWidth: 180 }}
        placeholder={t('anyState')}
        aria-label={t('column.state')}
        maxTagCount="responsive"
        value={search.state ?? []}
        options={Object.values(SweepState).map((value) => ({ value, label: t(`state.${value}`) }))}
        onChange={(state) => set({ state: state.length ? state : undefined })}
      />
      <Select
        style={{ minWidth: 120 }}
        aria-label={t('column.owner')}
        value={search.owner ?? ''}
        options={[
          { value: '', label: t('everybody') },
          { value: user.name, label: t('mine') },
          ...(search.owner && search.owner !== user.name ? [{ value: search.owner, label: search.owner }] : []),
        ]}
        onChange={(owner) => set({ owner: owner || undefined })}
      />
    </search>
  )
}
