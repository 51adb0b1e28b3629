import { Link, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '@/shared/ui/PageHeader'
import { EmptyState, ErrorState, Loading } from '@/shared/ui/states'
import { useCompared } from '../api/useCompared'
import { Curves } from '../components/Curves'
import { FigureTable } from '../components/FigureTable'
import { RunTable } from '../components/RunTable'
import { SettingsTable } from '../components/SettingsTable'
import { labels, mlflowUrl } from '../labels'

const NOBODY: string[] = []

export default function ComparePage() {
  const { t } = useTranslation(['compare', 'common'])
  const { jobs: ids = NOBODY, baseline: wanted, all = false, curve } = useSearch({ from: '/inside/compare' })
  const { compared, isLoading, errors } = useCompared(ids)
  const jobs = compared.map(({ job }) => job)
  const names = labels(jobs)
  const baseline = Math.max(
    0,
    jobs.findIndex(({ id }) => id === wanted),
  )
  const mlflow = (
    <Button href={mlflowUrl(jobs)} target="_blank">
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
      <PageHeader title={t('title')} actions={jobs.length > 1 && mlflow} />
      <div className="px-stack">
        {errors[0] && <ErrorState error={errors[0]} />}
        {isLoading && <Loading />}
        {jobs.length > 0 && (
          <>
            <RunTable jobs={jobs} names={names} baseline={jobs[baseline]?.id ?? ''} />
            <SettingsTable jobs={jobs} names={names} baseline={baseline} showAll={all} />
            <FigureTable metrics={compared.map(({ metrics }) => metrics)} names={names} baseline={baseline} />
            <Curves compared={compared} names={names} chosen={curve} />
          </>
        )}
      </div>
    </>
  )
}
