import { useQuery } from '@tanstack/react-query'
import { parse } from 'papaparse'
import { useTranslation } from 'react-i18next'
import { send } from '@/shared/api/request'
import { getDownloadArtifactUrl, listArtifacts } from '@/shared/api/wire'
import { Answered, EmptyState } from '@/shared/ui/states'
import { type Predicted, PredictedRows } from './PredictedRows'

const FILE = /(^|\/)predictions\.csv$/

async function readPredictions(jobId: string, signal: AbortSignal): Promise<Predicted | null> {
  const found = (await listArtifacts(jobId, { signal })).find(({ path }) => FILE.test(path))
  if (!found) return null
  const url = getDownloadArtifactUrl(jobId, found.path)
  const text = await (await send(url, { signal })).text()
  const { data } = parse<string[]>(text, { skipEmptyLines: true })
  const [head = [], ...rows] = data
  return { url, head, rows: rows.map((fields, number) => ({ number, fields })) }
}

/** What a predict job found. */
export function PredictionTable({ jobId }: { jobId: string }) {
  const { t } = useTranslation('models')
  const predictions = useQuery({
    queryKey: ['predictions', jobId],
    queryFn: ({ signal }) => readPredictions(jobId, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Answered query={predictions}>
      {(found) => (found ? <PredictedRows {...found} /> : <EmptyState text={t('predict.noFile')} />)}
    </Answered>
  )
}
