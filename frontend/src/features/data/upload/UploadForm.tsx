import { Alert, Button, Input } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/shared/api/errors'
import type { VersionView } from '@/shared/api/wire'
import { formatBytes } from '@/shared/format/numbers'
import { useErrorText } from '@/shared/ui/errorText'
import { UploadProgress } from '@/shared/upload/UploadProgress'
import { ColumnMapping, type Columns } from './ColumnMapping'
import { DATASET_NAME, isTable, suggestedName } from './fileKind'
import styles from './Upload.module.css'
import { useUpload } from './useUpload'

interface Props {
  file: File
  name: string | undefined
  onOther: () => void
  onDone: (version: VersionView) => void
}

/** What the master has to know of the file, then its way there. */
export function UploadForm({ file, name: given, onOther, onDone }: Props) {
  const { t } = useTranslation(['data', 'common'])
  const id = useId()
  const [name, setName] = useState(given ?? suggestedName(file.name))
  const [description, setDescription] = useState('')
  const [columns, setColumns] = useState<Columns>({})
  const upload = useUpload(onDone)
  const isNamed = DATASET_NAME.test(name)
  const start = (clean: boolean) =>
    upload.start(file, { name, filename: file.name, description: description.trim(), columns, clean })
  return (
    <form
      className="px-stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (isNamed) start(false)
      }}
    >
      <div className="px-row">
        <strong style={{ overflowWrap: 'anywhere' }}>{file.name}</strong>
        <span className="px-muted">{formatBytes(file.size)}</span>
        {!upload.isBusy && (
          <Button size="small" onClick={onOther}>
            {t('send.other')}
          </Button>
        )}
      </div>
      {!given && (
        <div className={styles.field}>
          <label htmlFor={`${id}-name`}>{t('send.name')}</label>
          <Input
            id={`${id}-name`}
            value={name}
            disabled={upload.isBusy}
            status={isNamed ? '' : 'error'}
            aria-invalid={!isNamed}
            aria-describedby={`${id}-hint`}
            onChange={(event) => setName(event.target.value)}
          />
          <span id={`${id}-hint`} className="px-muted">
            {isNamed ? t('send.nameHint') : t('send.badName')}
          </span>
        </div>
      )}
      {isTable(file.name) && <ColumnMapping file={file} columns={columns} onChange={setColumns} />}
      <div className={styles.field}>
        <label htmlFor={`${id}-description`}>
          {t('send.description')} <span className="px-muted">({t('send.optional')})</span>
        </label>
        <Input.TextArea
          id={`${id}-description`}
          autoSize={{ minRows: 1, maxRows: 6 }}
          value={description}
          disabled={upload.isBusy}
          onChange={(event) => setDescription(event.target.value)}
        />
      </div>
      {upload.error && !upload.isBusy && <Refusal error={upload.error} onClean={() => start(true)} />}
      {upload.isBusy ? (
        <UploadProgress progress={upload.progress} onCancel={upload.cancel} />
      ) : (
        <Button type="primary" htmlType="submit" disabled={!isNamed}>
          {upload.error ? t('send.again') : t('send.start')}
        </Button>
      )}
    </form>
  )
}

/** The master's codes for what a cleaned copy leaves out. */
const CLEANABLE: ReadonlySet<string> = new Set([
  'text_before_header',
  'missing_id',
  'empty_sequence',
  'illegal_residue',
  'duplicate_id',
  'ragged_row',
  'bad_variant',
  'duplicate_position',
])

function Refusal({ error, onClean }: { error: unknown; onClean: () => void }) {
  const { t } = useTranslation('data')
  const { title, detail } = useErrorText()(error)
  const isCleanable = error instanceof ApiError && CLEANABLE.has(error.code)
  return (
    <Alert
      type="error"
      showIcon
      title={title}
      description={
        <>
          {detail && <p className={styles.detail}>{detail}</p>}
          {isCleanable && (
            <>
              <Button onClick={onClean}>{t('send.storeCleaned')}</Button>
              <p className="px-muted" style={{ margin: '4px 0 0' }}>
                {t('send.storeCleanedHint')}
              </p>
            </>
          )}
        </>
      }
    />
  )
}
