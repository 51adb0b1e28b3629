import { useNavigate } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { SearchField } from '@/shared/ui/SearchField'
import type { DatasetSearch } from '../search'

export function RecordFilters({ search, sets }: { search: DatasetSearch; sets: string[] }) {
  const { t } = useTranslation(['data', 'common'])
  const navigate = useNavigate({ from: '/data/$name' })
  const set = (change: DatasetSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  const { min, max, lines } = search
  const length = t('records.lengthFilter', { range: min === max ? min : `${min ?? 0}–${max ?? '∞'}` })
  return (
    <search className="px-filters">
      <SearchField
        value={search.q ?? ''}
        onChange={(q) => set({ q: q.trim() || undefined })}
        placeholder={t('records.search')}
        label={t('records.search')}
        width={260}
      />
      {sets.length > 0 && (
        <Select
          style={{ minWidth: 130 }}
          aria-label={t('records.set')}
          value={search.set ?? ''}
          options={[{ value: '', label: t('records.anySet') }, ...sets.map((value) => ({ value, label: value }))]}
          onChange={(value) => set({ set: value || undefined })}
        />
      )}
      {(min !== undefined || max !== undefined) && (
        <Chip text={length} onRemove={() => set({ min: undefined, max: undefined })} />
      )}
      {lines && <Chip text={t('records.lineFilter')} onRemove={() => set({ lines: undefined })} />}
    </search>
  )
}

function Chip({ text, onRemove }: { text: string; onRemove: () => void }) {
  const { t } = useTranslation('data')
  return (
    <Button onClick={onRemove} aria-label={t('records.removeFilter', { name: text })}>
      {text} ×
    </Button>
  )
}
