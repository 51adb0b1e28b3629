import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobView, ModelVersionView } from '@/shared/api/wire'
import { formatBytes } from '@/shared/format/numbers'
import { ErrorState } from '@/shared/ui/states'
import { DropZone } from '@/shared/upload/DropZone'
import { UploadProgress } from '@/shared/upload/UploadProgress'
import { useOnDemand } from '../api/useOnDemand'
import { OnDemandAnswer } from './OnDemandAnswer'
import { OnDemandRefusal, OnDemandState } from './OnDemandState'
import { PasteField } from './PasteField'
import { isFault, type Pasted, readPasted } from './pasted'
import { usePrediction } from './usePrediction'

const PASTED = 'sequences.fasta'

interface Props {
  version: ModelVersionView
  project: string
  mayCreate: boolean
  onMade: (job: JobView) => void
}

/** A few sequences are answered here and at once; many, and files, by a job. */
export function PredictForm({ version, project, mayCreate, onMade }: Props) {
  const { t } = useTranslation('models')
  const [text, setText] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const job = usePrediction(onMade)
  const now = useOnDemand(version)
  const pasted = file ? null : given(text)
  const isBusy = job.isBusy || now.isBusy
  const runJob = () => {
    const source = file ?? (pasted && new File([pasted.fasta], PASTED))
    if (!source) return
    now.cancel()
    now.reset()
    job.start(source, {
      filename: source.name,
      model: version.uri,
      project,
      description: t('predict.description'),
    })
  }
  const asJob = mayCreate ? runJob : null
  return (
    <form
      className="px-stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (pasted) now.start(pasted.records)
        else runJob()
      }}
    >
      <div className="px-stack" style={{ maxWidth: 760 }}>
        {file ? (
          <ChosenFile file={file} disabled={isBusy} onOther={() => setFile(null)} />
        ) : (
          <>
            <PasteField value={text} disabled={isBusy} onChange={setText} />
            {mayCreate && (
              <>
                <span className="px-muted">{t('predict.or')}</span>
                <DropZone title={t('predict.drop')} hint={t('predict.dropHint')} onFile={setFile} />
              </>
            )}
          </>
        )}
        {job.error && !isBusy && <ErrorState error={job.error} />}
        {now.error && !isBusy && <OnDemandRefusal error={now.error} onJob={asJob} />}
        {job.isBusy && <UploadProgress progress={job.progress} onCancel={job.cancel} />}
        {now.isBusy && <OnDemandState version={version} onCancel={now.cancel} onJob={asJob} />}
        {!isBusy && <Buttons hasFile={file !== null} isReady={file !== null || pasted !== null} onJob={asJob} />}
      </div>
      {now.answer && !isBusy && <OnDemandAnswer answer={now.answer} />}
    </form>
  )
}

interface ButtonsProps {
  hasFile: boolean
  isReady: boolean
  onJob: (() => void) | null
}

/** What is pasted can be answered at once; a file is for a job. */
function Buttons({ hasFile, isReady, onJob }: ButtonsProps) {
  const { t } = useTranslation('models')
  return (
    <div className="px-row">
      {!hasFile && (
        <Button type="primary" htmlType="submit" disabled={!isReady} title={isReady ? '' : t('predict.none')}>
          {t('now.start')}
        </Button>
      )}
      {onJob && (
        <Button type={hasFile ? 'primary' : 'default'} disabled={!isReady} onClick={onJob}>
          {t('predict.start')}
        </Button>
      )}
    </div>
  )
}

function ChosenFile({ file, disabled, onOther }: { file: File; disabled: boolean; onOther: () => void }) {
  const { t } = useTranslation('models')
  return (
    <div className="px-row">
      <strong>{t('predict.chosen', { name: file.name, size: formatBytes(file.size) })}</strong>
      <Button size="small" disabled={disabled} onClick={onOther}>
        {t('predict.other')}
      </Button>
    </div>
  )
}

function given(text: string): Pasted | null {
  const read = readPasted(text)
  return isFault(read) || read.records.length === 0 ? null : read
}
