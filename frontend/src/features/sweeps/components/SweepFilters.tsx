import { useNavigate } from '@tanstack/react-router'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { SweepState } from '@/shared/api/wire'
import { OwnerSelect } from '@/shared/ui/OwnerSelect'
import { SearchField } from '@/shared/ui/SearchField'
import type { SweepsSearch } from '../search'

/** All filters live in the address, so that a filtered list can be sent to somebody. */
export function SweepFilters({ search }: { search: SweepsSearch }) {
  const { t } = useTranslation(['sweeps', 'common'])
  const navigate = useNavigate({ from: '/sweeps' })
  const set = (change: SweepsSearch) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  return (
    <search className="px-filters" aria-label={t('filters')}>
      <SearchField
        value={search.q ?? ''}
        onChange={(q) => set({ q: q || undefined })}
        placeholder={t('column.name')}
        label={t('common:action.search')}
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
      <OwnerSelect
        value={search.owner}
        onChange={(owner) => set({ owner })}
        words={{ label: t('column.owner'), everybody: t('everybody'), mine: t('mine') }}
      />
    </search>
  )
}
