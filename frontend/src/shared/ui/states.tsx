import { Alert, Button, Empty, Skeleton } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorText } from './errorText'

/** Nothing for the first moment, so that quick answers don't flicker. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div role="status" aria-label={t('state.loading')} className="px-loading">
      {shown && <Skeleton active title={false} paragraph={{ rows }} />}
    </div>
  )
}

/** What happened, what the master says of it, and the way out. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const { title, detail } = useErrorText()(error)
  return (
    <Alert
      type="error"
      showIcon
      title={title}
      description={detail}
      action={onRetry && <Button onClick={onRetry}>{t('action.retry')}</Button>}
    />
  )
}

/** One sentence, and what to do next. */
export function EmptyState({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text} className="px-empty">
      {children}
    </Empty>
  )
}

interface Answer<Data> {
  data: Data | undefined
  error: unknown
  refetch: () => unknown
}

/** A query's answer, or why there is none. An answer that is there stays in sight while a newer one fails to come. */
export function Answered<Data>({ query, children }: { query: Answer<Data>; children: (data: Data) => ReactNode }) {
  const retry = () => void query.refetch()
  if (query.data === undefined) return query.error ? <ErrorState error={query.error} onRetry={retry} /> : <Loading />
  return (
    <>
      {query.error ? <ErrorState error={query.error} onRetry={retry} /> : null}
      {children(query.data)}
    </>
  )
}
