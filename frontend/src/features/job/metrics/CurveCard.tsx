import { useQueries, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useId, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Curve } from '@/shared/api/wire'
import { curveOption } from '@/shared/curves/curveOption'
import { curveQuery } from '@/shared/curves/curveQuery'
import type { Look } from '@/shared/curves/look'
import { formatCount, formatMetric } from '@/shared/format/numbers'
import { SERIES } from '@/shared/theme/colors'
import { useMode } from '@/shared/theme/mode'
import { Loading } from '@/shared/ui/states'
import { useInSight } from '@/shared/ui/useInSight'
import styles from './MetricsTab.module.css'

const Chart = lazy(() => import('@/shared/charts/Chart'))
const LIVE_MS = 3_000

interface Props {
  jobId: string
  name: string
  metrics: string[]
  look: Look
  isLive: boolean
}

/** One chart with its curves, and the same in figures below it. */
export function CurveCard({ jobId, name, metrics, look, isLive }: Props) {
  const { t } = useTranslation('job')
  const client = useQueryClient()
  const mode = useMode()
  const id = useId()
  const card = useRef<HTMLElement>(null)
  const inSight = useInSight(card)
  const answers = useQueries({
    queries: metrics.map((key) => ({
      ...curveQuery(client, jobId, key),
      enabled: inSight,
      refetchInterval: isLive && inSight ? LIVE_MS : (false as const),
    })),
    combine: (results) => results.map((result) => result.data),
  })
  const curves = answers.filter((curve): curve is Curve => curve !== undefined)
  const ready = curves.length === metrics.length
  const option = useMemo(() => curveOption(curves, look, mode, t), [curves, look, mode, t])
  const told = curves.map((curve) => `${curve.key}: ${lastOf(curve)}`).join('; ')
  return (
    <section ref={card} className={styles.card} aria-labelledby={id}>
      <h3 id={id}>{name}</h3>
      {ready ? (
        <>
          <Suspense fallback={<Loading rows={4} />}>
            <Chart option={option} summary={t('metrics.chart', { name, told })} group={`job-${jobId}-${look.x}`} />
          </Suspense>
          <Figures curves={curves} colors={SERIES[mode]} />
        </>
      ) : (
        <Loading rows={4} />
      )}
    </section>
  )
}

function lastOf(curve: Curve): string {
  const value = curve.values.at(-1)
  return value === undefined ? '–' : formatMetric(value)
}

function Figures({ curves, colors }: { curves: Curve[]; colors: readonly string[] }) {
  const { t } = useTranslation('job')
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">
            <span className="px-visually-hidden">{t('metrics.curve')}</span>
          </th>
          <th scope="col">{t('metrics.last')}</th>
          <th scope="col">{t('metrics.least')}</th>
          <th scope="col">{t('metrics.most')}</th>
        </tr>
      </thead>
      <tbody>
        {curves.map((curve, index) => (
          <tr key={curve.key}>
            <th scope="row">
              <span className={styles.swatch} style={{ background: colors[index % colors.length] }} aria-hidden />
              {curve.key}
            </th>
            <td>{lastOf(curve)}</td>
            <td>{extreme(curve, Math.min)}</td>
            <td>{extreme(curve, Math.max)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A value with the step it was reached at: that is the checkpoint one wants. */
function extreme(curve: Curve, pick: (a: number, b: number) => number): string {
  if (curve.values.length === 0) return '–'
  const value = curve.values.reduce((a, b) => pick(a, b))
  return `${formatMetric(value)} @ ${formatCount(curve.steps[curve.values.indexOf(value)] ?? 0)}`
}
