import { DeleteOutlined, DownloadOutlined, ExperimentOutlined, PlusOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Button, Tooltip } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetView, VersionView } from '@/shared/api/wire'
import { mayChange, mayCreate, useUser } from '@/shared/session/session'
import { cleanedUrl, fileUrl, partOf } from '../part'
import { DeleteDialog } from './DeleteDialog'

const UploadDialog = lazy(() => import('../upload/UploadDialog'))
const CLEANED: ReadonlySet<string> = new Set(['fasta', 'csv', 'tsv', 'variants'])

interface Props {
  dataset: DatasetView
  version: VersionView
  file: string | undefined
}

export function DatasetActions({ dataset, version, file }: Props) {
  const { t } = useTranslation('data')
  const user = useUser()
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<'upload' | 'delete' | null>(null)
  const part = partOf(version, file)
  const close = () => setDialog(null)
  const isOwn = mayChange(user, dataset.owner)
  return (
    <>
      {mayCreate(user) && (
        <Button
          type="primary"
          icon={<ExperimentOutlined aria-hidden />}
          onClick={() => void navigate({ to: '/jobs/new', search: { data: `${version.dataset}@${version.number}` } })}
        >
          {t('train')}
        </Button>
      )}
      <Button icon={<DownloadOutlined aria-hidden />} href={fileUrl(part)} download>
        {t('download')}
      </Button>
      {CLEANED.has(version.kind) && version.files.length === 1 && (
        <Tooltip title={t('downloadCleanedHint')}>
          <Button icon={<DownloadOutlined aria-hidden />} href={cleanedUrl(part)} download>
            {t('downloadCleaned')}
          </Button>
        </Tooltip>
      )}
      {isOwn && (
        <>
          <Button icon={<PlusOutlined aria-hidden />} onClick={() => setDialog('upload')}>
            {t('addVersion')}
          </Button>
          <Button danger icon={<DeleteOutlined aria-hidden />} onClick={() => setDialog('delete')}>
            {t('remove.action')}
          </Button>
        </>
      )}
      {dialog === 'upload' && (
        <Suspense>
          <UploadDialog name={dataset.name} onClose={close} />
        </Suspense>
      )}
      {dialog === 'delete' && <DeleteDialog dataset={dataset} onClose={close} />}
    </>
  )
}
