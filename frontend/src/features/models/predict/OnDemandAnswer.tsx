import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Predictions } from '@/shared/api/wire'
import { formatCount } from '@/shared/format/numbers'
import { PredictedRows } from './PredictedRows'
import { csvOf, rowsOf } from './predicted'

/** An answer that is kept nowhere but here; the file is made of what is on the page. */
export function OnDemandAnswer({ answer }: { answer: Predictions }) {
  const { t } = useTranslation('models')
  const rows = useMemo(() => rowsOf(answer), [answer])
  const url = useMemo(() => URL.createObjectURL(new Blob([csvOf(answer, rows)], { type: 'text/csv' })), [answer, rows])
  useEffect(() => () => URL.revokeObjectURL(url), [url])
  const milliseconds = formatCount(Math.round(answer.milliseconds))
  return (
    <PredictedRows
      head={answer.columns}
      rows={rows}
      url={url}
      filename={`predictions-${answer.model}-${answer.version}.csv`}
      note={
        <span className="px-muted">
          {t(answer.warm ? 'now.tookWarm' : 'now.took', { version: answer.version, n: milliseconds })}
        </span>
      }
    />
  )
}
