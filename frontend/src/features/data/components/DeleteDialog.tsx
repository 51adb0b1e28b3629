import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, App, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DatasetView, type Dependents, deleteDataset } from '@/shared/api/wire'
import { ReferenceLink } from '@/shared/ui/ReferenceLink'
import { Answered, ErrorState } from '@/shared/ui/states'
import { DATASETS_KEY, dependentsQuery } from '../api/datasetQueries'

/** Says what depends on the dataset before it goes for good. */
export function DeleteDialog({ dataset, onClose }: { dataset: DatasetView; onClose: () => void }) {
  const { t } = useTranslation(['data', 'common'])
  const { name } = dataset
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [typed, setTyped] = useState('')
  const dependents = useQuery(dependentsQuery(name))
  const remove = useMutation({
    mutationFn: () => deleteDataset(encodeURIComponent(name)),
    onSuccess: async () => {
      void message.success(t('remove.done', { name }))
      await navigate({ to: '/data' })
      client.removeQueries({ queryKey: [...DATASETS_KEY, 'one', name] })
      void client.invalidateQueries({ queryKey: DATASETS_KEY })
    },
  })
  const isFree = dependents.data !== undefined && dependents.data.live_jobs.length === 0
  return (
    <Modal
      open
      title={t('remove.title', { name })}
      okText={t('remove.action')}
      okButtonProps={{ danger: true, disabled: !isFree || typed !== name }}
      cancelText={t('common:action.cancel')}
      confirmLoading={remove.isPending}
      onOk={() => remove.mutate()}
      onCancel={onClose}
    >
      <div className="px-stack">
        <p style={{ margin: 0 }}>{t('remove.text', { n: dataset.versions })}</p>
        <Answered query={dependents}>{(found) => <What dependents={found} />}</Answered>
        {isFree && (
          <label htmlFor="delete-name">
            {t('remove.type', { name })}
            <Input
              id="delete-name"
              value={typed}
              autoComplete="off"
              style={{ marginTop: 4 }}
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
        )}
        {remove.error && <ErrorState error={remove.error} />}
      </div>
    </Modal>
  )
}

function What({ dependents: { live_jobs, ended_jobs, datasets } }: { dependents: Dependents }) {
  const { t } = useTranslation('data')
  if (live_jobs.length > 0) return <Alert type="error" showIcon title={t('remove.live', { n: live_jobs.length })} />
  if (ended_jobs.length + datasets.length === 0) return <p style={{ margin: 0 }}>{t('remove.free')}</p>
  return (
    <ul style={{ margin: 0, paddingLeft: 18 }}>
      {ended_jobs.length > 0 && <li>{t('remove.ended', { n: ended_jobs.length })}</li>}
      {datasets.length > 0 && (
        <li>
          {t('remove.datasets', { n: datasets.length })}{' '}
          {datasets.map((reference) => (
            <span key={reference}>
              <ReferenceLink reference={reference} />{' '}
            </span>
          ))}
        </li>
      )}
    </ul>
  )
}
