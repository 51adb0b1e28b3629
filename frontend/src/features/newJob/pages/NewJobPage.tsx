import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered } from '@/shared/ui/states'
import { cloneQuery } from '../api/queries'
import { NewJobForm } from '../components/NewJobForm'
import { draftOf, EMPTY } from '../draft'

/** A job from nothing, from a dataset, or from a job that exists. */
export default function NewJobPage() {
  const { t } = useTranslation(['newJob', 'common'])
  const { from, project, entry, data, sweep: isSweep = false } = useSearch({ from: '/inside/jobs/new' })
  const clone = useQuery({ ...cloneQuery(from ?? ''), enabled: from !== undefined })
  const given = project || data
  const start = given
    ? {
        ...EMPTY,
        project: project ?? '',
        entryPoint: entry ?? 'main',
        inputs: data ? { data } : ({} as Record<string, string>),
      }
    : null
  return (
    <>
      <PageHeader
        title={isSweep ? t('sweep.title') : t('title')}
        crumbs={
          isSweep ? <Link to="/sweeps">{t('common:nav.sweeps')}</Link> : <Link to="/jobs">{t('common:nav.jobs')}</Link>
        }
        actions={
          <Link
            to="/jobs/new"
            search={(before) => ({ ...before, sweep: isSweep ? undefined : (true as const) })}
            className="px-button"
          >
            {isSweep ? t('sweep.toJob') : t('sweep.toSweep')}
          </Link>
        }
      />
      {from ? (
        <Answered query={clone}>
          {(request) => <NewJobForm key={from} start={draftOf(request, from)} isSweep={isSweep} />}
        </Answered>
      ) : (
        <NewJobForm key="new" start={start} isSweep={isSweep} />
      )}
    </>
  )
}
