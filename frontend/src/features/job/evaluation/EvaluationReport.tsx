import { CheckCircleFilled, InfoCircleFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { JobDetail } from '@/shared/api/wire'
import { formatCount, formatMetric, formatPercent } from '@/shared/format/numbers'
import { levelWord } from '@/shared/i18n/told'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { Status } from '@/shared/ui/Status'
import { artifactsQuery } from '../api/jobQueries'
import { beats, REPORT, type Report, reportQuery, type Score, scoreNames } from './report'
import { binText, noteText } from './words'

/** What the evaluation says, where the job left one: scores with intervals, beside baselines, and how related the test set is. */
export function EvaluationReport({ job }: { job: JobDetail }) {
  const artifacts = useQuery(artifactsQuery(job.id))
  const isThere = artifacts.data?.some((artifact) => artifact.path === REPORT) ?? false
  const report = useQuery({ ...reportQuery(job.id), enabled: isThere })
  return report.data ? <Shown report={report.data} jobId={job.id} /> : null
}

function Shown({ report, jobId }: { report: Report; jobId: string }) {
  const { t } = useTranslation('job')
  const { t: told } = useTranslation('told')
  const { intervals, uncertainty } = report
  return (
    <section className="px-card px-stack" aria-labelledby="evaluation">
      <div>
        <h2 id="evaluation">{t('evaluation.title')}</h2>
        <p className="px-muted" style={{ margin: 0 }}>
          {t('evaluation.rows', {
            train: formatCount(report.rows.train ?? 0),
            val: formatCount(report.rows.val ?? 0),
            test: formatCount(report.rows.test ?? 0),
          })}
        </p>
        <p className="px-muted" style={{ margin: 0 }}>
          {t('evaluation.intervals', {
            level: formatPercent(intervals.level),
            method: intervals.method,
            note: noteText(intervals, told),
          })}
        </p>
      </div>
      <ScoreTable report={report} />
      <Leakage report={report} />
      {report.by_identity.length > 0 && <ByIdentity report={report} />}
      {uncertainty?.test_coverage != null && (
        <p style={{ margin: 0 }}>
          {t('evaluation.coverage', {
            promised: formatPercent(uncertainty.promised_coverage ?? 0.9),
            real: formatPercent(uncertainty.test_coverage),
          })}
        </p>
      )}
      <Link to="/jobs/$jobId" params={{ jobId }} search={{ tab: 'artifacts', file: REPORT }}>
        {t('evaluation.file')}
      </Link>
    </section>
  )
}

function ScoreTable({ report }: { report: Report }) {
  const { t } = useTranslation('job')
  const columns: Column<string>[] = [
    { key: 'score', title: t('evaluation.score'), isName: true, render: (name) => <b>{name}</b> },
    {
      key: 'model',
      title: t('evaluation.model'),
      align: 'right',
      render: (name) => <Value score={report.test[name]} />,
    },
    ...Object.entries(report.baselines).map(([key, baseline]) => ({
      key,
      title: t('evaluation.baseline', { name: key }),
      align: 'right' as const,
      render: (name: string) => (
        <span title={baseline.about}>
          <Value score={baseline.test[name]} /> {beats(name, report.test[name], baseline.test[name]) && <Beaten />}
        </span>
      ),
    })),
  ]
  return (
    <DataTable
      label={t('evaluation.title')}
      columns={columns}
      rows={scoreNames(report)}
      rowKey={(name) => name}
      rowName={(name) => name}
    />
  )
}

function Value({ score }: { score: Score | undefined }) {
  if (!score) return '–'
  if (score.low === undefined || score.high === undefined) return formatMetric(score.value)
  return (
    <span className="px-number">
      {formatMetric(score.value)}{' '}
      <span className="px-muted">
        [{formatMetric(score.low)}, {formatMetric(score.high)}]
      </span>
    </span>
  )
}

/** The model is better than this baseline beyond chance. */
function Beaten() {
  const { t } = useTranslation('job')
  return (
    <CheckCircleFilled
      style={{ color: 'var(--px-good)' }}
      aria-label={t('evaluation.beaten')}
      title={t('evaluation.beaten')}
    />
  )
}

function Leakage({ report }: { report: Report }) {
  const { t } = useTranslation('job')
  const { t: told } = useTranslation('told')
  const { level, max, share_above_90, identical } = report.leakage
  if (!level) return null
  const isClean = level === 'none found'
  const figures = [
    max !== undefined && t('evaluation.mostSimilar', { part: formatPercent(max) }),
    share_above_90 !== undefined && t('evaluation.above90', { part: formatPercent(share_above_90) }),
    identical ? t('evaluation.identical', { n: formatCount(identical) }) : false,
  ].filter(Boolean)
  return (
    <div>
      <Status
        tone={isClean ? 'good' : 'warn'}
        icon={isClean ? <CheckCircleFilled /> : <InfoCircleFilled />}
        word={t('evaluation.leakage', { level: levelWord(level, told) })}
        wraps
      />
      <span className="px-muted"> {figures.join(' · ')}</span>
    </div>
  )
}

function ByIdentity({ report }: { report: Report }) {
  const { t } = useTranslation('job')
  type Bin = Report['by_identity'][number]
  const columns: Column<Bin>[] = [
    { key: 'label', title: t('evaluation.distance'), isName: true, render: (bin) => binText(bin, t) },
    { key: 'rows', title: t('evaluation.count'), align: 'right', render: (bin) => formatCount(bin.rows) },
    {
      key: 'score',
      title: report.main_score,
      align: 'right',
      render: (bin) =>
        bin.interval ? <Value score={bin.interval} /> : <span className="px-muted">{t('evaluation.tooFew')}</span>,
    },
  ]
  return (
    <DataTable
      label={t('evaluation.byDistance')}
      columns={columns}
      rows={report.by_identity}
      rowKey={(bin) => bin.name}
      rowName={(bin) => binText(bin, t)}
    />
  )
}
