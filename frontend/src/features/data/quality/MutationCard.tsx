import { useTranslation } from 'react-i18next'
import { formatCount } from '@/shared/format/numbers'
import { type Bar, Bars } from './Bars'

export function MutationCard({ mutations }: { mutations: Record<string, number> }) {
  const { t } = useTranslation('data')
  const bars = Object.entries(mutations).map(
    ([n, count]): Bar => ({
      key: n,
      label: n,
      words: t('quality.mutationsBar', { n, count: formatCount(count) }),
      value: count,
    }),
  )
  return (
    <section className="px-card">
      <h2>{t('quality.mutations')}</h2>
      <Bars label={t('quality.mutations')} bars={bars} />
    </section>
  )
}
