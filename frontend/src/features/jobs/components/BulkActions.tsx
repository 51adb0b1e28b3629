import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { isEnded } from '@/shared/api/jobStates'
import { cancelJob, type JobView } from '@/shared/api/wire'
import { mayChange, useUser } from '@/shared/session/session'
import { useErrorText } from '@/shared/ui/errorText'
import { JOBS_KEY } from '../api/jobsQuery'

/** What can be done to the selected jobs; those that can't be cancelled are left out, and the button says how many can. */
export function BulkActions({ selected, onDone }: { selected: JobView[]; onDone: () => void }) {
  const { t } = useTranslation(['jobs', 'common'])
  const user = useUser()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const words = useErrorText()
  const cancellable = selected.filter((job) => !isEnded(job.state) && mayChange(user, job.owner))
  const cancel = useMutation({
    mutationFn: () => Promise.allSettled(cancellable.map((job) => cancelJob(job.id))),
    onSuccess: (results) => {
      const failed = results.filter((result) => result.status === 'rejected')
      if (failed[0]) void message.error(`${t('cancelFailed', { n: failed.length })} ${words(failed[0].reason).title}`)
      else void message.success(t('cancelDone', { n: results.length }))
      void client.invalidateQueries({ queryKey: JOBS_KEY })
      onDone()
    },
  })
  if (selected.length === 0) return null
  return (
    <>
      <span className="px-muted">{t('common:table.selected', { n: selected.length })}</span>
      <Button
        disabled={selected.length < 2}
        onClick={() => void navigate({ to: '/compare', search: { jobs: selected.map((job) => job.id) } })}
      >
        {t('compare')}
      </Button>
      <Popconfirm title={t('cancelAsk', { n: cancellable.length })} onConfirm={() => cancel.mutate()}>
        <Button danger disabled={cancellable.length === 0} loading={cancel.isPending}>
          {t('cancelSome', { n: cancellable.length })}
        </Button>
      </Popconfirm>
    </>
  )
}
