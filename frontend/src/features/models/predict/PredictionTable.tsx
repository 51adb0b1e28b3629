import { DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { parse } from 'papaparse'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '@/shared/api/request'
import { getDownloadArtifactUrl, listArtifacts } from '@/shared/api/wire'
import { formatCount, formatMetric } from '@/shared/format/numbers'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { Answered, EmptyState } from '@/shared/ui/states'

const FILE = /(^|\/)predictions\.csv$/
const SHOWN = 5000
const LONG = 40

interface Row {
  number: number
  fields: string[]
}

interface Predictions {
  url: string
  head: string[]
  rows: Row[]
}

async function readPredictions(jobId: string, signal: AbortSignal): Promise<Predictions | null> {
  const found = (await listArtifacts(jobId, { signal })).find(({ path }) => FILE.test(path))
  if (!found) return null
  const url = getDownloadArtifactUrl(jobId, found.path)
  const text = await (await send(url, { signal })).text()
  const { data } = parse<string[]>(text, { skipEmptyLines: true })
  const [head = [], ...rows] = data
  return { url, head, rows: rows.map((fields, number) => ({ number, fields })) }
}

export function PredictionTable({ jobId }: { jobId: string }) {
  const { t } = useTranslation('models')
  const predictions = useQuery({
    queryKey: ['predictions', jobId],
    queryFn: ({ signal }) => readPredictions(jobId, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Answered query={predictions}>
      {(found) => (found ? <Shown {...found} /> : <EmptyState text={t('predict.noFile')} />)}
    </Answered>
  )
}

function Shown({ url, head, rows }: Predictions) {
  const { t } = useTranslation(['models', 'common'])
  const columns = useMemo(() => head.map((title, index) => columnOf(title, index, rows)), [head, rows])
  return (
    <div className="px-stack" style={{ gap: 8 }}>
      <div className="px-row">
        <span>{t('predict.rows', { n: formatCount(rows.length) })}</span>
        {rows.length > SHOWN && <span className="px-muted">{t('predict.cut', { n: formatCount(SHOWN) })}</span>}
        <Button
          type="primary"
          icon={<DownloadOutlined aria-hidden />}
          href={url}
          download
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

function columnOf(title: string, index: number, rows: Row[]): Column<Row> {
  const isNumeric = title !== 'id' && rows.every(({ fields }) => isNumber(fields[index]))
  return {
    key: `${index}`,
    title,
    isName: index === 0,
    ...(isNumeric && { align: 'right' as const }),
    render: ({ fields }) => {
      const text = fields[index] ?? ''
      if (isNumeric) return isMissing(text) ? '–' : <span title={text}>{formatMetric(Number(text))}</span>
      return text.length > LONG ? <code title={text}>{`${text.slice(0, LONG)}…`}</code> : text
    },
  }
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && text !== '' && (Number.isFinite(Number(text)) || isMissing(text))
}

/** A model that knows no uncertainty writes `nan`. */
function isMissing(text: string): boolean {
  return text.toLowerCase() === 'nan'
}
