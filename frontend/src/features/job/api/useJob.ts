import { useQuery, useQueryClient } from '@tanstack/react-query'
import { isEnded } from '@/shared/api/jobStates'
import { jobKey, jobQuery, newsOf } from '@/shared/api/jobs'
import { useLive, useRefetchInterval } from '@/shared/live/page'

/** One job, moving as it moves: the state at once, all else that hangs on it a moment later. */
export function useJob(jobId: string) {
  const client = useQueryClient()
  const interval = useRefetchInterval()
  useLive(`job:${jobId}`, (message) => {
    if (message.type !== 'job') return
    client.setQueryData(jobQuery(jobId).queryKey, (job) => job && { ...job, ...newsOf(message) })
    void client.invalidateQueries({ queryKey: jobKey(jobId) })
  })
  return useQuery({
    ...jobQuery(jobId),
    refetchInterval: (query) => (query.state.data && isEnded(query.state.data.state) ? false : interval),
  })
}
