import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented, Select, Slider, Switch } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isEnded } from '@/shared/api/jobStates'
import { metricsQuery } from '@/shared/api/jobs'
import type { JobDetail } from '@/shared/api/wire'
import { AXES, type Look } from '@/shared/curves/look'
import { charts, isSystemMetric } from '@/shared/curves/names'
import { Answered, EmptyState } from '@/shared/ui/states'
import { CurveCard } from './CurveCard'
import styles from './MetricsTab.module.css'

const LIVE_MS = 5_000
/** All curves of the job, training and validation on one chart; those of the machine come last. */
export default function MetricsTab({ job }: { job: JobDetail }) {
  const { t } = useTranslation('job')
  const { metric: chosen } = useSearch({ from: '/inside/jobs/$jobId' })
  const navigate = useNavigate({ from: '/jobs/$jobId' })
  const isLive = !isEnded(job.state)
  const metrics = useQuery({ ...metricsQuery(job.id), refetchInterval: isLive ? LIVE_MS : false })
  const [look, setLook] = useState<Look>({ smoothing: 0, isLog: false, x: 'step' })
  const keys = useMemo(() => metrics.data?.map((one) => one.key) ?? [], [metrics.data])
  const shown = useMemo(() => charts(keys).filter(([name]) => !chosen || chosen.includes(name)), [keys, chosen])
  const names = useMemo(() => charts(keys).map(([name]) => name), [keys])

  return (
    <Answered query={metrics}>
      {() =>
        keys.length === 0 ? (
          <EmptyState text={isLive ? t('metrics.soon') : t('metrics.none')} />
        ) : (
          <>
            <div className="px-filters">
              <Select
                mode="multiple"
                allowClear
                style={{ minWidth: 220 }}
                maxTagCount="responsive"
                placeholder={t('metrics.all')}
                aria-label={t('metrics.choose')}
                value={chosen ?? []}
                options={names.map((value) => ({ value, label: value }))}
                onChange={(metric) =>
                  void navigate({
                    search: (before) => ({ ...before, metric: metric.length ? metric : undefined }),
                    replace: true,
                  })
                }
              />
              <Segmented
                aria-label={t('metrics.xAxis')}
                value={look.x}
                options={AXES.map((value) => ({ value, label: t(`metrics.${value}`) }))}
                onChange={(x) => setLook({ ...look, x })}
              />
              <span className={styles.control}>
                <span id="smoothing">{t('metrics.smoothing')}</span>
                <Slider
                  ariaLabelledByForHandle="smoothing"
                  style={{ width: 120 }}
                  min={0}
                  max={0.99}
                  step={0.01}
                  value={look.smoothing}
                  onChange={(smoothing) => setLook({ ...look, smoothing })}
                />
              </span>
              <span className={styles.control}>
                <Switch
                  aria-labelledby="log-scale"
                  checked={look.isLog}
                  onChange={(isLog) => setLook({ ...look, isLog })}
                />
                <span id="log-scale">{t('metrics.log')}</span>
              </span>
            </div>
            <h2 className="px-visually-hidden">{t('metrics.model')}</h2>
            <Charts job={job} charts={shown.filter(([name]) => !isSystemMetric(name))} look={look} isLive={isLive} />
            {shown.some(([name]) => isSystemMetric(name)) && <h2 className={styles.machine}>{t('metrics.machine')}</h2>}
            <Charts job={job} charts={shown.filter(([name]) => isSystemMetric(name))} look={look} isLive={isLive} />
          </>
        )
      }
    </Answered>
  )
}

function Charts(props: { job: JobDetail; charts: [string, string[]][]; look: Look; isLive: boolean }) {
  return (
    <div className={styles.grid}>
      {props.charts.map(([name, keys]) => (
        <CurveCard key={name} jobId={props.job.id} name={name} metrics={keys} look={props.look} isLive={props.isLive} />
      ))}
    </div>
  )
}
