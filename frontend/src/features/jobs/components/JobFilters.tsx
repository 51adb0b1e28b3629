import { useNavigate } from '@tanstack/react-router'
import { Button, Checkbox, Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { JobState } from '@/shared/api/wire'
import { useUser } from '@/shared/session/session'
import { SEARCH_FIELD } from '@/shared/ui/hotkeys'
import { useDebounced } from '@/shared/ui/useDebounced'
import { type JobsSearch, ORDERS } from '../search'

interface Props {
  search: JobsSearch
  metricKeys: string[]
  metric: string | undefined
}

/** All filters live in the address, so that a filtered list can be sent to somebody. */
export function JobFilters({ search, metricKeys, metric }: Props) {
  const { t } = useTranslation(['jobs', 'common'])
  const user = useUser()
  const navigate = useNavigate({ from: '/jobs' })
  const set = (change: JobsSearch) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  const chips = (['project', 'experiment', 'node', 'parent', 'run'] as const).filter((key) => search[key])
  return (
    <search className="px-filters" aria-label={t('filters')}>
      <SearchField value={search.q ?? ''} onChange={(q) => set({ q: q || undefined })} />
      <Select
        mode="multiple"
        allowClear
        style={{ minWidth: 180 }}
        placeholder={t('anyState')}
        aria-label={t('column.state')}
        maxTagCount="responsive"
        value={search.state ?? []}
        options={Object.values(JobState).map((value) => ({ value, label: t(`common:job.${value}`) }))}
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
      {metricKeys.length > 0 && (
        <Select
          showSearch
          style={{ minWidth: 170 }}
          aria-label={t('metric')}
          value={metric}
          options={metricKeys.map((value) => ({ value, label: value }))}
          onChange={(value) => set({ metric: value })}
        />
      )}
      {metric && (
        <Select
          style={{ minWidth: 140 }}
          aria-label={t('order')}
          value={search.order ?? ''}
          options={[
            { value: '', label: t('newest') },
            ...ORDERS.map((value) => ({ value, label: t(value, { metric }) })),
          ]}
          onChange={(value) => {
            const order = ORDERS.find((one) => one === value)
            set({ order, metric: order ? metric : search.metric })
          }}
        />
      )}
      <Checkbox
        style={{ alignSelf: 'center' }}
        checked={search.trashed ?? false}
        onChange={(event) => set({ trashed: event.target.checked || undefined })}
      >
        {t('trashed')}
      </Checkbox>
      {chips.map((key) => (
        <Button
          key={key}
          onClick={() => set({ [key]: undefined })}
          aria-label={t('removeFilter', { name: t(`filter.${key}`) })}
        >
          {t(`filter.${key}`)}: {key === 'parent' || key === 'run' ? search[key]?.slice(0, 8) : search[key]} ×
        </Button>
      ))}
    </search>
  )
}

function SearchField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation(['jobs', 'common'])
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
      style={{ width: 240 }}
      placeholder={t('searchHint')}
      aria-label={t('common:action.search')}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
