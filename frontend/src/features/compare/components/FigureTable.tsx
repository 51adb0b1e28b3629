import { useTranslation } from 'react-i18next'
import { formatMetric } from '@/shared/format/numbers'
import { type Figure, figureRows, relativeChange } from '../figures'
import styles from './Compare.module.css'
import { RunHeads } from './RunHeads'

interface Props {
  metrics: Record<string, number>[]
  names: string[]
  baseline: number
}

/** Last values with their intervals, and how far each is from the baseline. */
export function FigureTable({ metrics, names, baseline }: Props) {
  const { t } = useTranslation('compare')
  const rows = figureRows(metrics)
  return (
    <div>
      <h2>{t('metrics')}</h2>
      {rows.length === 0 ? (
        <p className="px-muted">{t('noMetrics')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must reach that
        <section className={styles.wide} tabIndex={0} aria-label={t('metrics')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('metric')}</th>
                <RunHeads names={names} />
              </tr>
            </thead>
            <tbody>
              {rows.map(({ name, figures }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {figures.map((figure, index) => (
                    <td key={names[index]} data-number>
                      <Value figure={figure} baseline={index === baseline ? null : (figures[baseline] ?? null)} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  )
}

function Value({ figure, baseline }: { figure: Figure | null; baseline: Figure | null }) {
  const { t } = useTranslation('compare')
  if (!figure) return <>–</>
  const change = baseline && relativeChange(figure.value, baseline.value)
  return (
    <>
      {formatMetric(figure.value)}
      {figure.low !== null && figure.high !== null && (
        <span className={styles.bounds}>
          {t('interval', { low: formatMetric(figure.low), high: formatMetric(figure.high) })}
        </span>
      )}
      {change !== null && <span className={styles.bounds}>{signedPercent(change)}</span>}
    </>
  )
}

function signedPercent(change: number): string {
  const text = `${Math.abs(change * 100).toFixed(1)} %`
  if (change === 0) return '±0 %'
  return change > 0 ? `+${text}` : `−${text}`
}
