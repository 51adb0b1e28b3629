import { Link } from '@tanstack/react-router'
import { Descriptions } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SweepDetail } from '@/shared/api/wire'
import { formatMetric, formatPercent } from '@/shared/format/numbers'
import { useSay } from '@/shared/i18n/told'
import { Meter } from '@/shared/ui/Meter'
import { SweepCharts } from '../charts/SweepCharts'
import { sayPoint } from '../values'
import { FinalsTable } from './FinalsTable'

export function ResultsTab({ sweep }: { sweep: SweepDetail }) {
  const { t } = useTranslation('sweeps')
  const say = useSay()
  const { best } = sweep
  const spread = best?.spread == null ? '' : ` ± ${formatMetric(best.spread)}`
  const counts = Object.entries(sweep.trials).map(([state, number]) => `${number} ${t(`trial.${state as 'complete'}`)}`)
  const rows: [string, ReactNode][] = [
    [t('goal'), `${t(`direction.${sweep.direction}`)} · ${sweep.metric}`],
    [t('by'), `${t(`sampler.${sweep.sampler}`)} · ${t(`pruner.${sweep.pruner}`)}`],
    [t('column.trials'), `${counts.join(', ') || '–'} (${t('atMost', { n: sweep.max_trials })})`],
    [t('column.best'), best ? <Best key="" sweep={sweep} told={`${formatMetric(best.value)}${spread}`} /> : '–'],
    ...(sweep.reason ? [[t('reason'), say(sweep.reason_words, sweep.reason)] as [string, ReactNode]] : []),
  ]
  return (
    <div className="px-stack">
      <Descriptions
        bordered
        size="small"
        column={{ xs: 1, lg: 2 }}
        items={rows.map(([label, children]) => ({ key: label, label, children }))}
      />
      {sweep.finals.length > 0 && <FinalsTable sweep={sweep} />}
      <Importance shares={sweep.importance} />
      <SweepCharts sweep={sweep} />
    </div>
  )
}

function Best({ sweep, told }: { sweep: SweepDetail; told: string }) {
  if (!sweep.best) return null
  return (
    <>
      <b>{told}</b> ·{' '}
      <Link to="/jobs/$jobId" params={{ jobId: sweep.best.job_id }} style={{ textDecoration: 'underline' }}>
        {`#${sweep.best.number}`}
      </Link>
      <code style={{ display: 'block', overflowWrap: 'anywhere' }}>{sayPoint(sweep.best.point)}</code>
    </>
  )
}

function Importance({ shares }: { shares: Record<string, number> }) {
  const { t } = useTranslation('sweeps')
  const entries = Object.entries(shares).sort(([, a], [, b]) => b - a)
  if (entries.length === 0) return null
  return (
    <section className="px-card" aria-labelledby="importance">
      <h2 id="importance">{t('importance')}</h2>
      <p className="px-muted" style={{ marginTop: 0 }}>
        {t('importanceHelp')}
      </p>
      {entries.map(([key, share]) => (
        <div key={key} style={{ maxWidth: 560 }}>
          <code>{key}</code>
          <Meter label={key} value={share} max={1} text={formatPercent(share)} warnAt={2} />
        </div>
      ))}
    </section>
  )
}
