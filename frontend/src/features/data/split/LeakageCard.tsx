import { CheckCircleFilled, WarningFilled } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { formatCount, formatPercent } from '@/shared/format/numbers'
import { Status } from '@/shared/ui/Status'
import { type Bar, Bars } from '../quality/Bars'
import { leakyShare, type SplitFacts } from './splitFacts'

const LABEL_EVERY = 4

/** How near test records are to training records; scores on near ones measure memory as much as skill. */
export function LeakageCard({ facts, jobId }: { facts: SplitFacts; jobId: string }) {
  const { t } = useTranslation('data')
  const { leakage } = facts
  if (!leakage) return null
  const histogram = leakage.histogram ?? []
  const share = leakyShare(facts)
  const isClean = share === 0
  const bars = histogram.map((count, index): Bar => {
    const [from, to] = [index / histogram.length, (index + 1) / histogram.length]
    return {
      key: String(from),
      label: index % LABEL_EVERY === 0 ? formatPercent(from) : '',
      words: t('quality.bar', { range: `${formatPercent(from)}–${formatPercent(to)}`, count: formatCount(count) }),
      value: count,
    }
  })
  return (
    <section className="px-card">
      <h2>{t('split.leakage')}</h2>
      {share !== null && (
        <Status
          wraps
          tone={isClean ? 'good' : 'warn'}
          icon={isClean ? <CheckCircleFilled /> : <WarningFilled />}
          word={t('split.leakageText', {
            share: formatPercent(share),
            count: formatCount(leakage.count),
            limit: formatPercent(leakage.limit),
          })}
        />
      )}
      <p className="px-muted">
        {leakage.median !== undefined &&
          leakage.max !== undefined &&
          t('split.median', { median: formatPercent(leakage.median), max: formatPercent(leakage.max) })}
        {leakage.identical ? ` · ${t('split.identical', { n: formatCount(leakage.identical) })}` : ''}
      </p>
      <p>{t('split.identity')}</p>
      <Bars label={t('split.identity')} bars={bars} />
      <p className="px-muted" style={{ margin: '8px 0 0' }}>
        {t('split.from')}{' '}
        <Link to="/jobs/$jobId" params={{ jobId }}>
          {jobId.slice(0, 8)}
        </Link>
      </p>
    </section>
  )
}
