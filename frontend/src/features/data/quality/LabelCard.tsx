import { useTranslation } from 'react-i18next'
import { formatCount, formatMetric } from '@/shared/format/numbers'
import type { Labels } from '../report'
import { type Bar, Bars } from './Bars'
import styles from './Quality.module.css'

const LABELS = 4
const CLASSES = 15

export function LabelCard({ labels }: { labels: Labels }) {
  const { t } = useTranslation('data')
  return (
    <section className="px-card">
      <h2>{t('quality.labels')}</h2>
      {labels.numbers ? <Numbers numbers={labels.numbers} /> : <Classes labels={labels} />}
    </section>
  )
}

function Numbers({ numbers }: { numbers: NonNullable<Labels['numbers']> }) {
  const { t } = useTranslation('data')
  const step = Math.ceil(numbers.histogram.length / LABELS)
  const bars = numbers.histogram.map((bin, index): Bar => {
    const range = `${formatMetric(bin.start)} – ${formatMetric(bin.stop)}`
    return {
      key: String(bin.start),
      label: index % step === 0 ? formatMetric(bin.start) : '',
      words: t('quality.bar', { range, count: formatCount(bin.count) }),
      value: bin.count,
    }
  })
  const spread = {
    mean: formatMetric(numbers.mean),
    std: formatMetric(numbers.std),
    median: formatMetric(numbers.median),
  }
  return (
    <>
      <p className={`px-muted ${styles.hint}`}>{t('quality.labelNumbers', spread)}</p>
      <Bars label={t('quality.labels')} bars={bars} />
    </>
  )
}

function Classes({ labels }: { labels: Labels }) {
  const { t } = useTranslation('data')
  const known = Object.entries(labels.classes)
  const shown = known.slice(0, CLASSES)
  const n = Math.max(labels.distinct_classes, known.length)
  const bars = shown.map(
    ([name, count]): Bar => ({
      key: name,
      label: `${name} · ${formatCount(count)}`,
      words: t('quality.bar', { range: name, count: formatCount(count) }),
      value: count,
    }),
  )
  return (
    <>
      <p className={`px-muted ${styles.hint}`}>
        {shown.length < n
          ? t('quality.classesShown', { shown: shown.length, n: formatCount(n) })
          : t('quality.classes', { n: formatCount(n) })}
      </p>
      <Bars label={t('quality.labels')} bars={bars} lying />
    </>
  )
}
