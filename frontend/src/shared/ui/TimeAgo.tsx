import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatAbsolute, formatDuration, formatRelative } from '@/shared/format/times'

function useNow(everyMs: number | null): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (everyMs === null) return
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/** A moment as people say it; the exact one on hover and for screen readers. */
export function TimeAgo({ at }: { at: string | null | undefined }) {
  const { t } = useTranslation()
  const now = useNow(30_000)
  if (!at) return <span className="px-muted">{t('time.never')}</span>
  const exact = formatAbsolute(at)
  return (
    <time dateTime={at} title={exact}>
      {formatRelative(at, now)}
    </time>
  )
}

/** From `from` to `to`, or until now, ticking. */
export function Elapsed({ from, to }: { from: string | null; to: string | null }) {
  const now = useNow(from && !to ? 1000 : null)
  if (!from) return <span className="px-muted">–</span>
  return <span className="px-number">{formatDuration((to ? Date.parse(to) : now) - Date.parse(from))}</span>
}
