import { useNavigate } from '@tanstack/react-router'
import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VersionView } from '@/shared/api/wire'
import { SourcePicker } from './SourcePicker'
import { UploadForm } from './UploadForm'

interface Props {
  /** Of the dataset that gets a new version; a new one where there is none. */
  name?: string
  /** What was dropped on the page. */
  dropped?: File | null
  onClose: () => void
}

/** From a file to a dataset's version, whose page it opens. */
export default function UploadDialog({ name, dropped = null, onClose }: Props) {
  const { t } = useTranslation('data')
  const navigate = useNavigate()
  const [file, setFile] = useState<File | null>(dropped)
  const show = (version: VersionView) => {
    onClose()
    void navigate({ to: '/data/$name', params: { name: version.dataset }, search: { version: version.number } })
  }
  return (
    <Modal
      open
      width={720}
      title={name ? t('send.newVersion', { name }) : t('send.title')}
      footer={null}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      {file ? (
        <UploadForm
          key={`${file.name}${file.lastModified}`}
          file={file}
          name={name}
          onOther={() => setFile(null)}
          onDone={show}
        />
      ) : (
        <SourcePicker onFile={setFile} />
      )}
    </Modal>
  )
}
