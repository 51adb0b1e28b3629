import { useQuery } from '@tanstack/react-query'
import { formatMetric } from '@/shared/format/numbers'
import { makerQuery } from '../api/modelQueries'
import { mainScore } from '../metrics'

/** The score that says most at a glance, of the job that made a version. */
export function VersionScore({ jobId }: { jobId: string | null }) {
  const { data } = useQuery(makerQuery(jobId))
  const score = mainScore(data?.metrics ?? {})
  if (!score) return <>–</>
  return (
    <span>
      <span className="px-muted">{score.name}</span> {formatMetric(score.value)}
      {score.low !== null && score.high !== null && (
        <span className="px-muted">
          {' '}
          [{formatMetric(score.low)}, {formatMetric(score.high)}]
        </span>
      )}
    </span>
  )
}
