import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteModelAlias, type ModelVersionView } from '@/shared/api/wire'
import { ErrorState } from '@/shared/ui/states'
import { MODELS_KEY } from '../api/modelQueries'

interface Props {
  version: ModelVersionView
  alias: string
  onClose: () => void
}

export function RemoveAlias({ version, alias, onClose }: Props) {
  const { t } = useTranslation(['models', 'common'])
  const client = useQueryClient()
  const { message } = App.useApp()
  const [reason, setReason] = useState('')
  const remove = useMutation({
    mutationFn: () =>
      deleteModelAlias(encodeURIComponent(version.name), encodeURIComponent(alias), { reason: reason.trim() }),
    onSuccess: () => {
      void message.success(t('alias.removed', { alias }))
      void client.invalidateQueries({ queryKey: MODELS_KEY })
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t('alias.removeTitle', { alias, n: version.version })}
      okText={t('alias.remove', { alias })}
      cancelText={t('common:action.cancel')}
      okButtonProps={{ danger: true, disabled: !reason.trim() }}
      confirmLoading={remove.isPending}
      onOk={() => remove.mutate()}
      onCancel={onClose}
    >
      <div>
        <label htmlFor="remove-reason">{t('alias.reason')}</label>
        <Input
          id="remove-reason"
          style={{ margin: '4px 0' }}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <span className="px-muted">{t('alias.reasonHint')}</span>
      </div>
      {remove.error && <ErrorState error={remove.error} />}
    </Modal>
  )
}
