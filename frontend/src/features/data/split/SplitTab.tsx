import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { VersionView } from '@/shared/api/wire'
import { Answered, EmptyState } from '@/shared/ui/states'
import { Findings } from '../quality/Findings'
import { SetCard } from '../quality/SetCard'
import { lineageOf, reportOf } from '../report'
import { LeakageCard } from './LeakageCard'
import { SplitCard } from './SplitCard'
import { splitFactsQuery } from './splitFacts'

const ACROSS: ReadonlySet<string> = new Set(['train_test_overlap', 'train_validation_overlap', 'no_test_rows'])

/** Which records train and which test, and how close the two are. */
export default function SplitTab({ version }: { version: VersionView }) {
  const { t } = useTranslation('data')
  const sets = reportOf(version)?.sets ?? {}
  const { job } = lineageOf(version)
  const overlaps = (reportOf(version)?.findings ?? []).filter(({ code }) => ACROSS.has(code))
  const isSplit = Object.keys(sets).length > 0
  return (
    <div className="px-stack">
      {isSplit && <SetCard sets={sets} />}
      {overlaps.length > 0 && <Findings findings={overlaps} />}
      {job ? <Measured jobId={job} /> : isSplit && <p className="px-muted">{t('split.noLeakage')}</p>}
      {!isSplit && !job && <EmptyState text={t('split.none')} />}
      {!job && (
        <p>
          {t('split.noneHint')}{' '}
          <Link
            to="/jobs/new"
            search={{ project: 'protein', entry: 'preprocess', data: `${version.dataset}@${version.number}` }}
          >
            {t('split.make')}
          </Link>
        </p>
      )}
    </div>
  )
}

function Measured({ jobId }: { jobId: string }) {
  const { t } = useTranslation('data')
  const facts = useQuery(splitFactsQuery(jobId))
  return (
    <Answered query={facts}>
      {(found) => (
        <>
          {found?.split && <SplitCard facts={found} />}
          {found?.leakage?.histogram ? (
            <LeakageCard facts={found} jobId={jobId} />
          ) : (
            <p className="px-muted">{t('split.noLeakage')}</p>
          )}
        </>
      )}
    </Answered>
  )
}
