import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { formatCount } from '@/shared/format/numbers'
import type { Lengths } from '../report'
import { type Bar, Bars } from './Bars'
import styles from './Quality.module.css'

const LABELS = 5

/** Lengths; a bar leads to the records that it counts. */
export function LengthCard({ lengths }: { lengths: Lengths }) {
  const { t } = useTranslation('data')
  const navigate = useNavigate({ from: '/data/$name' })
  const step = Math.ceil(lengths.histogram.length / LABELS)
  const bars = lengths.histogram.map((bin, index): Bar => {
    const [min, max] = [Math.ceil(bin.start), Math.ceil(bin.stop) - 1]
    const range = min === max ? formatCount(min) : `${formatCount(min)}–${formatCount(max)}`
    return {
      key: String(min),
      label: index % step === 0 ? formatCount(min) : '',
      words: t('quality.bar', { range, count: formatCount(bin.count) }),
      value: bin.count,
      onOpen: () => void navigate({ search: ({ version }) => ({ version, tab: 'sequences', min, max }) }),
    }
  })
  return (
    <section className="px-card">
      <h2>{t('quality.lengths')}</h2>
      <p className={`px-muted ${styles.hint}`}>{t('quality.lengthsHint')}</p>
      <Bars label={t('quality.lengths')} bars={bars} />
    </section>
  )
}
