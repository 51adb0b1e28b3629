import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Predictions } from '@/shared/api/wire'
import { formatDuration } from '@/shared/format/times'
import { PredictedRows } from './PredictedRows'
import { csvOf, rowsOf } from './predicted'

const SECOND = 1000

/** An answer that is kept nowhere but here; the file is made of what is on the page. */
export function OnDemandAnswer({ answer }: { answer: Predictions }) {
  const { t } = useTranslation('models')
  const rows = useMemo(() => rowsOf(answer), [answer])
  const url = useMemo(() => URL.createObjectURL(new Blob([csvOf(answer, rows)], { type: 'text/csv' })), [answer, rows])
  useEffect(() => () => URL.revokeObjectURL(url), [url])
  const time = answer.milliseconds
  const took = time < SECOND ? t('now.milliseconds', { n: Math.round(time) }) : formatDuration(time)
  return (
    <PredictedRows
      head={answer.columns}
      rows={rows}
      url={url}
      filename={`predictions-${answer.model}-${answer.version}.csv`}
      note={
        <span className="px-muted">
          {t(answer.warm ? 'now.tookWarm' : 'now.took', { version: answer.version, took })}
        </span>
      }
    />
  )
}
