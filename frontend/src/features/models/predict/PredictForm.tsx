import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobView, ModelVersionView } from '@/shared/api/wire'
import { formatBytes } from '@/shared/format/numbers'
import { ErrorState } from '@/shared/ui/states'
import { DropZone } from '@/shared/upload/DropZone'
import { UploadProgress } from '@/shared/upload/UploadProgress'
import { PasteField } from './PasteField'
import { isFault, readPasted } from './pasted'
import { usePrediction } from './usePrediction'

const PASTED = 'sequences.fasta'

interface Props {
  version: ModelVersionView
  project: string
  onMade: (job: JobView) => void
}

export function PredictForm({ version, project, onMade }: Props) {
  const { t } = useTranslation('models')
  const [text, setText] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const prediction = usePrediction(onMade)
  const source = file ?? pastedFile(text)
  const start = (chosen: File) =>
    prediction.start(chosen, {
      filename: chosen.name,
      model: version.uri,
      project,
      description: t('predict.description'),
    })
  return (
    <form
      className="px-stack"
      style={{ maxWidth: 760 }}
      onSubmit={(event) => {
        event.preventDefault()
        if (source) start(source)
      }}
    >
      {file ? (
        <div className="px-row">
          <strong>{t('predict.chosen', { name: file.name, size: formatBytes(file.size) })}</strong>
          <Button size="small" disabled={prediction.isBusy} onClick={() => setFile(null)}>
            {t('predict.other')}
          </Button>
        </div>
      ) : (
        <>
          <PasteField value={text} disabled={prediction.isBusy} onChange={setText} />
          <span className="px-muted">{t('predict.or')}</span>
          <DropZone title={t('predict.drop')} hint={t('predict.dropHint')} onFile={setFile} />
        </>
      )}
      {prediction.error && !prediction.isBusy && <ErrorState error={prediction.error} />}
      {prediction.isBusy ? (
        <UploadProgress progress={prediction.progress} onCancel={prediction.cancel} />
      ) : (
        <Button type="primary" htmlType="submit" disabled={!source} title={source ? undefined : t('predict.none')}>
          {t('predict.start')}
        </Button>
      )}
    </form>
  )
}

function pastedFile(text: string): File | null {
  const read = readPasted(text)
  return isFault(read) || read.count === 0 ? null : new File([read.fasta], PASTED)
}
