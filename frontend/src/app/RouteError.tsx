import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/shared/api/errors'
import { CodeBlock } from '@/shared/ui/CopyButton'
import { ErrorState } from '@/shared/ui/states'

/** A page that broke leaves the navigation standing. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  const router = useRouter()
  if (error instanceof ApiError) {
    const again = () => {
      reset()
      void router.invalidate()
    }
    return <ErrorState error={error} onRetry={again} />
  }
  return (
    <div className="px-stack">
      <Alert
        type="error"
        showIcon
        title={t('boundary.title')}
        description={t('boundary.hint')}
        action={<Button onClick={() => location.reload()}>{t('action.reload')}</Button>}
      />
      <CodeBlock
        label={t('action.showDetails')}
        text={`${location.href}\n${error instanceof Error ? error.stack : String(error)}`}
      />
    </div>
  )
}
