import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { VersionView } from '@/shared/api/wire'
import { ReferenceLink } from '@/shared/ui/ReferenceLink'
import { lineageOf, reportOf } from '../report'

/** A version's parents: the job that made it, and what that job took in. */
export function Origin({ version }: { version: VersionView }) {
  const { t } = useTranslation('data')
  const { job, project, entry_point, inputs = {} } = lineageOf(version)
  if (!job) return <>{reportOf(version)?.cleaned ? t('lineage.cleaned') : t('lineage.uploaded')}</>
  return (
    <>
      {t('lineage.made')}{' '}
      <Link to="/jobs/$jobId" params={{ jobId: job }}>
        {project} · {entry_point}
      </Link>
      {Object.values(inputs).map((reference, index) => (
        <Fragment key={reference}>
          {index === 0 ? ' ← ' : ', '}
          <ReferenceLink reference={reference} />
        </Fragment>
      ))}
    </>
  )
}
