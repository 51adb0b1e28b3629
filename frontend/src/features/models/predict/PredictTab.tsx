import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ModelVersionView } from '@/shared/api/wire'
import { mayCreate, useUser } from '@/shared/session/session'
import { Answered } from '@/shared/ui/states'
import { makerQuery } from '../api/modelQueries'
import { PredictForm } from './PredictForm'
import { Prediction } from './Prediction'

/** Sequences in, a table out: at once, or by a job, whose id is in the address, so that one can come back. */
export default function PredictTab({ version }: { version: ModelVersionView }) {
  const { job } = useSearch({ from: '/inside/models/$name' })
  const navigate = useNavigate({ from: '/models/$name' })
  const maker = useQuery(makerQuery(version.job_id))
  const show = (id: string | undefined) => void navigate({ search: (before) => ({ ...before, job: id }) })
  const may = mayCreate(useUser())
  if (job) return <Prediction key={job} jobId={job} onAgain={() => show(undefined)} />
  return (
    <Answered query={maker}>
      {(found) => (
        <PredictForm
          key={version.version}
          version={version}
          project={found?.project ?? 'protein'}
          mayCreate={may}
          onMade={({ id }) => show(id)}
        />
      )}
    </Answered>
  )
}
