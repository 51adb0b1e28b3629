import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { parentRunQuery } from '../api/jobQueries'

/** The sweep that the job is a trial of; of any other run, the jobs that lie below it. */
export function ParentRun({ id }: { id: string }) {
  const sweep = useQuery(parentRunQuery(id))
  if (sweep.data) {
    return (
      <Link to="/sweeps/$sweepId" params={{ sweepId: id }}>
        {sweep.data.name}
      </Link>
    )
  }
  return (
    <Link to="/jobs" search={{ run: id }}>
      {id.slice(0, 8)}
    </Link>
  )
}
