import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { jobKey } from '@/shared/api/jobs'
import { cancelJob, type JobDetail, releaseJob, restoreJob, retryJob, trashJob } from '@/shared/api/wire'
import { useErrorText } from '@/shared/ui/errorText'

/** Cancel, release and retry; whatever the master refuses is said in words. */
export function useJobAction(job: JobDetail) {
  const { t } = useTranslation('job')
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const words = useErrorText()
  const onError = (error: Error) => {
    const { title, detail } = words(error)
    void message.error(detail ? `${title}: ${detail}` : title)
    void client.invalidateQueries({ queryKey: jobKey(job.id) })
  }
  const onSuccess = () => client.invalidateQueries({ queryKey: ['jobs'] })
  return {
    cancel: useMutation({ mutationFn: () => cancelJob(job.id), onSuccess, onError }),
    release: useMutation({ mutationFn: () => releaseJob(job.id), onSuccess, onError }),
    trash: useMutation({ mutationFn: () => trashJob(job.id), onSuccess, onError }),
    restore: useMutation({ mutationFn: () => restoreJob(job.id), onSuccess, onError }),
    retry: useMutation({
      mutationFn: () => retryJob(job.id),
      onSuccess: async (made) => {
        void message.success(t('action.retried', { name: made.name }))
        await onSuccess()
        await navigate({ to: '/jobs/$jobId', params: { jobId: made.id } })
      },
      onError,
    }),
  }
}
