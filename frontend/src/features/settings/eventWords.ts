import { useTranslation } from 'react-i18next'
import type { NotifyEvent } from '@/shared/api/wire'

/** `job.failed` in the reader's language. */
export function useEventWords(): (event: NotifyEvent) => string {
  const { t } = useTranslation('settings')
  return (event) => t(`notifications.event.${event.replace('.', '_') as 'job_failed'}`)
}
