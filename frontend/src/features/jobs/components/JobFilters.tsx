import { useNavigate } from '@tanstack/react-router'
import { Button, Checkbox, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { JobState } from '@/shared/api/wire'
import { OwnerSelect } from '@/shared/ui/OwnerSelect'
import { SearchField } from '@/shared/ui/SearchField'
import { type JobsSearch, ORDERS } from '../search'

interface Props {
  search: JobsSearch
  metricKeys: string[]
  metric: string | undefined
}

/** All filters live in the address, so that a filtered list can be sent to somebody. */
export function JobFilters({ search, metricKeys, metric }: Props) {
  const { t } = useTranslation(['jobs', 'common'])
  const navigate = useNavigate({ from: '/jobs' })
  const set = (change: JobsSearch) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  const chips = (['project', 'experiment', 'node', 'parent', 'run'] as const).filter((key) => search[key])
  return (
    <search className="px-filters" aria-label={t('filters')}>
      <SearchField
        value={search.q ?? ''}
        onChange={(q) => set({ q: q || undefined })}
        placeholder={t('searchHint')}
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
        options={Object.values(JobState).map((value) => ({ value, label: t(`common:job.${value}`) }))}
        onChange={(state) => set({ state: state.length ? state : undefined })}
      />
      <OwnerSelect
        value={search.owner}
        onChange={(owner) => set({ owner })}
        words={{ label: t('column.owner'), everybody: t('everybody'), mine: t('mine') }}
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
