import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { formatCount } from '@/shared/format/numbers'
import { type Bar, Bars } from './Bars'

/** Records in each set; a bar leads to them. */
export function SetCard({ sets }: { sets: Record<string, number> }) {
  const { t } = useTranslation('data')
  const navigate = useNavigate({ from: '/data/$name' })
  const bars = Object.entries(sets).map(
    ([set, count]): Bar => ({
      key: set,
      label: `${set} · ${formatCount(count)}`,
      words: t('quality.bar', { range: set, count: formatCount(count) }),
      value: count,
      onOpen: () => void navigate({ search: ({ version }) => ({ version, tab: 'sequences', set }) }),
    }),
  )
  return (
    <section className="px-card">
      <h2>{t('quality.sets')}</h2>
      <Bars label={t('quality.sets')} bars={bars} lying />
    </section>
  )
}
