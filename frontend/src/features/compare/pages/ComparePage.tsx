import { Link, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ComparedRun } from '@/shared/api/wire'
import { PageHeader } from '@/shared/ui/PageHeader'
import { EmptyState, ErrorState, Loading } from '@/shared/ui/states'
import { useCompared } from '../api/useCompared'
import { Curves } from '../components/Curves'
import { FigureTable } from '../components/FigureTable'
import { PairedTests } from '../components/PairedTests'
import { RunTable } from '../components/RunTable'
import { SettingsTable } from '../components/SettingsTable'
import { labels, mlflowUrl } from '../labels'
import { side } from '../side'

const NOBODY: string[] = []
const NO_RUNS: ComparedRun[] = []

export default function ComparePage() {
  const { t } = useTranslation(['compare', 'common'])
  const { jobs: ids = NOBODY, baseline: wanted, all = false, curve, pair } = useSearch({ from: '/inside/compare' })
  const compared = useCompared(ids)
  const runs = (compared.data ?? NO_RUNS).filter(({ id }) => ids.includes(id))
  const names = labels(runs)
  const baseline = Math.max(
    0,
    runs.findIndex(({ id }) => id === wanted),
  )
  const beside = side(runs, baseline)
  const mlflow = (
    <Button href={mlflowUrl(runs)} target="_blank">
      {t('inMlflow')} <span className="px-visually-hidden">{t('common:nav.newTab')}</span> ↗
    </Button>
  )
  if (ids.length === 0) {
    return (
      <>
        <PageHeader title={t('title')} />
        <EmptyState text={t('empty')}>
          <Link to="/jobs">{t('common:nav.jobs')}</Link>
        </EmptyState>
      </>
    )
  }
  return (
    <>
      <PageHeader title={t('title')} actions={runs.length > 1 && mlflow} />
      <div className="px-stack">
        {compared.error && <ErrorState error={compared.error} onRetry={() => void compared.refetch()} />}
        {compared.isLoading && <Loading />}
        {runs.length > 0 && (
          <>
            <RunTable jobs={runs} names={names} baseline={runs[baseline]?.id ?? ''} />
            {beside.runs.length < runs.length && (
              <p className="px-muted" style={{ margin: 0 }}>
                {t('besideOnly', { n: beside.runs.length, total: runs.length })}
              </p>
            )}
            <SettingsTable {...beside} showAll={all} />
            <PairedTests runs={runs} names={names} baseline={baseline} chosen={pair} />
            <FigureTable metrics={beside.runs.map(({ metrics }) => metrics)} {...beside} />
            <Curves runs={beside.runs} names={beside.names} chosen={curve} />
          </>
        )}
      </div>
    </>
  )
}
