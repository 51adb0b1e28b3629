import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { JobDetail } from '@/shared/api/wire'
import { mayChange, useUser } from '@/shared/session/session'
import { useJobAction } from '../api/useJobAction'

/** Of a job that was thrown away: the way back, while there is one. */
export function InTrash({ job }: { job: JobDetail }) {
  const { t } = useTranslation('job')
  const user = useUser()
  const { restore } = useJobAction(job)
  const mayRestore = mayChange(user, job.owner) && !job.purged_at
  return (
    <Alert
      type="warning"
      showIcon
      title={[t('trash.here'), job.purged_at && t('trash.purged')].filter(Boolean).join(' ')}
      action={
        mayRestore && (
          <Button onClick={() => restore.mutate()} loading={restore.isPending}>
            {t('action.restore')}
          </Button>
        )
      }
    />
  )
}
