import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { SweepDetail } from '@/shared/api/wire'
import { formatMetric } from '@/shared/format/numbers'
import { useMode } from '@/shared/theme/mode'
import { Loading } from '@/shared/ui/states'
import { completeOf } from '../values'
import { historyOption, parallelOption } from './options'

const Chart = lazy(() => import('@/shared/charts/Chart'))

/** Parallel coordinates and the way to the best; the table of trials says the same in figures. */
export function SweepCharts({ sweep }: { sweep: SweepDetail }) {
  const { t } = useTranslation('sweeps')
  const mode = useMode()
  const count = completeOf(sweep).length
  const parallel = useMemo(() => parallelOption(sweep, mode), [sweep, mode])
  const history = useMemo(
    () => historyOption(sweep, mode, { best: t('bestSoFar'), trial: t('trialNumber') }),
    [sweep, mode, t],
  )
  if (count === 0) return <p className="px-muted">{t('noneComplete')}</p>
  const best = sweep.best ? formatMetric(sweep.best.value) : '–'
  return (
    <>
      <section className="px-card" aria-labelledby="parallel">
        <h2 id="parallel">{t('parallel')}</h2>
        <Suspense fallback={<Loading rows={6} />}>
          <Chart option={parallel} summary={t('parallelTold', { n: count, best })} height={320} />
        </Suspense>
      </section>
      <section className="px-card" aria-labelledby="history">
        <h2 id="history">{t('history')}</h2>
        <Suspense fallback={<Loading rows={4} />}>
          <Chart option={history} summary={t('historyTold', { n: count, best })} />
        </Suspense>
      </section>
    </>
  )
}
