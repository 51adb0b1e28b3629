import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Segmented, Select, Slider, Switch } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isEnded } from '@/shared/api/jobStates'
import type { ComparedRun } from '@/shared/api/wire'
import { curveOption } from '@/shared/curves/curveOption'
import { curveQuery } from '@/shared/curves/curveQuery'
import { AXES, type Look } from '@/shared/curves/look'
import { charts } from '@/shared/curves/names'
import { formatMetric } from '@/shared/format/numbers'
import { useMode } from '@/shared/theme/mode'
import { Loading } from '@/shared/ui/states'

const Chart = lazy(() => import('@/shared/charts/Chart'))
const LIVE_MS = 4_000

interface Props {
  runs: ComparedRun[]
  names: string[]
  chosen: string | undefined
}

/** One metric's curves over each other, a run in the colour that it has above. */
export function Curves({ runs, names, chosen }: Props) {
  const { t } = useTranslation(['compare', 'job'])
  const navigate = useNavigate({ from: '/compare' })
  const [look, setLook] = useState<Look>({ smoothing: 0, isLog: false, x: 'step' })
  const keys = useMemo(() => {
    const found = new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))
    return charts([...found]).flatMap(([, metrics]) => metrics)
  }, [runs])
  const key = chosen && keys.includes(chosen) ? chosen : (keys.find((one) => one.startsWith('val')) ?? keys[0])
  if (!key) return null
  return (
    <section aria-labelledby="curves">
      <h2 id="curves">{t('curves')}</h2>
      <div className="px-filters" style={{ alignItems: 'center' }}>
        <Select
          showSearch
          style={{ minWidth: 220 }}
          aria-label={t('curve')}
          value={key}
          options={keys.map((value) => ({ value, label: value }))}
          onChange={(curve) => void navigate({ search: (before) => ({ ...before, curve }), replace: true })}
        />
        <Segmented
          aria-label={t('job:metrics.xAxis')}
          value={look.x}
          options={AXES.map((value) => ({ value, label: t(`job:metrics.${value}`) }))}
          onChange={(x) => setLook({ ...look, x })}
        />
        <span id="compare-smoothing">{t('job:metrics.smoothing')}</span>
        <Slider
          ariaLabelledByForHandle="compare-smoothing"
          style={{ width: 120 }}
          min={0}
          max={0.99}
          step={0.01}
          value={look.smoothing}
          onChange={(smoothing) => setLook({ ...look, smoothing })}
        />
        <Switch aria-labelledby="compare-log" checked={look.isLog} onChange={(isLog) => setLook({ ...look, isLog })} />
        <span id="compare-log">{t('job:metrics.log')}</span>
      </div>
      <Drawn runs={runs} names={names} metric={key} look={look} />
    </section>
  )
}

interface DrawnProps {
  runs: ComparedRun[]
  names: string[]
  metric: string
  look: Look
}

function Drawn({ runs, names, metric, look }: DrawnProps) {
  const { t } = useTranslation('job')
  const client = useQueryClient()
  const mode = useMode()
  const curves = useQueries({
    queries: runs.map(({ id, state, metrics }) => ({
      ...curveQuery(client, id, metric),
      enabled: metric in metrics,
      refetchInterval: isEnded(state) ? (false as const) : LIVE_MS,
    })),
    combine: (results) => results.map(({ data }) => data),
  })
  // A run without this curve keeps its place, so that the colours stay those of the runs.
  const named = useMemo(
    () => curves.map((curve, index) => ({ steps: [], values: [], times: [], ...curve, key: names[index] ?? '' })),
    [curves, names],
  )
  const option = useMemo(() => curveOption(named, look, mode, t), [named, look, mode, t])
  const told = named.map(({ key, values }) => `${key}: ${values.length ? formatMetric(values.at(-1) ?? 0) : '–'}`)
  return (
    <div className="px-card">
      <Suspense fallback={<Loading rows={6} />}>
        <Chart option={option} summary={t('metrics.chart', { name: metric, told: told.join('; ') })} height={320} />
      </Suspense>
    </div>
  )
}
