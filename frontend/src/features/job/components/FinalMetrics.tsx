import { useTranslation } from 'react-i18next'
import type { MetricView } from '@/shared/api/wire'
import { isDetail, isSystemMetric, metricOrder } from '@/shared/curves/names'
import { formatMetric } from '@/shared/format/numbers'
import styles from './FinalMetrics.module.css'

/** The last value of each of the model's own metrics; those of the test set come first. */
export function FinalMetrics({ metrics, ended }: { metrics: MetricView[]; ended: boolean }) {
  const { t } = useTranslation('job')
  const shown = metrics
    .filter((metric) => !isSystemMetric(metric.key) && !isDetail(metric.key))
    .sort((a, b) => metricOrder(a.key) - metricOrder(b.key) || a.key.localeCompare(b.key))
  if (shown.length === 0) return null
  return (
    <section aria-labelledby="metrics">
      <h2 id="metrics">{ended ? t('summary.metrics') : t('summary.metricsSoFar')}</h2>
      <dl className={styles.metrics}>
        {shown.map((metric) => (
          <div key={metric.key} data-test={metricOrder(metric.key) === 0 || undefined}>
            <dt>{metric.key}</dt>
            <dd className="px-number">{formatMetric(metric.value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
