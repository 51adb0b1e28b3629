import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ModelVersionView } from '@/shared/api/wire'
import { mayCreate, useUser } from '@/shared/session/session'
import { Answered } from '@/shared/ui/states'
import { makerQuery } from '../api/modelQueries'
import { PredictForm } from './PredictForm'
import { Prediction } from './Prediction'

/** Sequences in, a job, a table out; the job's id is in the address, so that one can come back. */
export default function PredictTab({ version }: { version: ModelVersionView }) {
  const { t } = useTranslation('errors')
  const { job } = useSearch({ from: '/inside/models/$name' })
  const navigate = useNavigate({ from: '/models/$name' })
  const maker = useQuery(makerQuery(version.job_id))
  const show = (id: string | undefined) => void navigate({ search: (before) => ({ ...before, job: id }) })
  const may = mayCreate(useUser())
  if (job) return <Prediction key={job} jobId={job} onAgain={() => show(undefined)} />
  if (!may) return <p className="px-muted">{t('forbidden')}</p>
  return (
    <Answered query={maker}>
      {(found) => <PredictForm version={version} project={found?.project ?? 'protein'} onMade={({ id }) => show(id)} />}
    </Answered>
  )
}
