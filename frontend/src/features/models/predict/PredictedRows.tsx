import { DownloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { TFunction } from 'i18next'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { formatCount, formatMetric, formatPercent } from '@/shared/format/numbers'
import type words from '@/shared/i18n/locales/en/models.json'
import { type Column, DataTable } from '@/shared/ui/DataTable'

const SHOWN = 5000
const LONG = 40

export interface Row {
  number: number
  fields: string[]
}

export interface Predicted {
  head: string[]
  rows: Row[]
  /** Of the whole table as CSV. */
  url: string
  filename?: string
}

interface Props extends Predicted {
  /** Beside how many they are. */
  note?: ReactNode
}

/** A table of predictions, of a job or on demand, and the way to take it along. */
export function PredictedRows({ head, rows, url, filename, note }: Props) {
  const { t } = useTranslation(['models', 'common'])
  const columns = useMemo(() => head.map((title, index) => columnOf(title, index, rows, t)), [head, rows, t])
  return (
    <div className="px-stack" style={{ gap: 8 }}>
      <div className="px-row">
        <span>{t('predict.rows', { n: formatCount(rows.length) })}</span>
        {rows.length > SHOWN && <span className="px-muted">{t('predict.cut', { n: formatCount(SHOWN) })}</span>}
        {note}
        <Button
          type="primary"
          icon={<DownloadOutlined aria-hidden />}
          href={url}
          download={filename ?? true}
          style={{ marginLeft: 'auto' }}
        >
          {t('predict.download')}
        </Button>
      </div>
      <DataTable<Row>
        label={t('tab.predict')}
        columns={columns}
        rows={rows.slice(0, SHOWN)}
        rowKey={({ number }) => String(number)}
        rowName={({ fields, number }) => fields[0] ?? String(number)}
      />
    </div>
  )
}

type Title = keyof typeof words.predict.column
const TEXTS: ReadonlySet<string> = new Set(['id', 'sequence', 'partner', 'residue'])
const SHARES: ReadonlySet<string> = new Set(['nearest_training_identity'])

function columnOf(title: string, index: number, rows: Row[], t: TFunction<['models', 'common']>): Column<Row> {
  const isNumeric = !TEXTS.has(title) && rows.every(({ fields }) => isNumber(fields[index]))
  const format = SHARES.has(title) ? formatPercent : formatMetric
  return {
    key: `${index}`,
    title: t(`predict.column.${title as Title}`, { defaultValue: title }),
    isName: index === 0,
    ...(isNumeric && { align: 'right' as const }),
    render: ({ fields }) => {
      const text = fields[index] ?? ''
      if (isNumeric) return isMissing(text) ? '–' : <span title={text}>{format(Number(text))}</span>
      return text.length > LONG ? <code title={text}>{`${text.slice(0, LONG)}…`}</code> : text
    },
  }
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && (isMissing(text) || Number.isFinite(Number(text)))
}

/** A model that knows no uncertainty writes `nan`, or nothing. */
function isMissing(text: string): boolean {
  return text === '' || text.toLowerCase() === 'nan'
}
