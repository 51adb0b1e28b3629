import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { SearchField } from '@/shared/ui/SearchField'

/** What is looked for lives in the address. */
export function DatasetSearchField({ value }: { value: string }) {
  const { t } = useTranslation('data')
  const navigate = useNavigate({ from: '/data' })
  const look = (text: string) => void navigate({ search: { q: text.trim() || undefined }, replace: true })
  return (
    <search className="px-filters">
      <SearchField value={value} onChange={look} placeholder={t('searchHint')} label={t('searchHint')} width={260} />
    </search>
  )
}
