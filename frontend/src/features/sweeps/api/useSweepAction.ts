import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { pauseSweep, resumeSweep, stopSweep } from '@/shared/api/wire'
import { useErrorText } from '@/shared/ui/errorText'
import { SWEEPS_KEY } from './sweepQueries'

/** Pause, resume and stop; whatever the master refuses is said in words. */
export function useSweepAction(sweepId: string) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const words = useErrorText()
  const onSettled = () => client.invalidateQueries({ queryKey: SWEEPS_KEY })
  const onError = (error: Error) => {
    const { title, detail } = words(error)
    void message.error(detail ? `${title}: ${detail}` : title)
  }
  return {
    pause: useMutation({ mutationFn: () => pauseSweep(sweepId), onSettled, onError }),
    resume: useMutation({ mutationFn: () => resumeSweep(sweepId), onSettled, onError }),
    stop: useMutation({ mutationFn: () => stopSweep(sweepId), onSettled, onError }),
  }
}
