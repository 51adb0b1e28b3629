import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Input, Modal } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { drainNode, type NodeView, Role, removeNode, undrainNode } from '@/shared/api/wire'
import { useUser } from '@/shared/session/session'
import { useErrorText } from '@/shared/ui/errorText'

/** Admins take a node out of service, back into it, or out of the lab. */
export function NodeActions({ node }: { node: NodeView }) {
  const { t } = useTranslation(['nodes', 'common'])
  const user = useUser()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message, modal } = App.useApp()
  const words = useErrorText()
  const [draining, setDraining] = useState(false)
  const onError = (error: Error) => {
    const { title, detail } = words(error)
    void message.error(detail ?? title)
  }
  const onSuccess = () => client.invalidateQueries({ queryKey: ['nodes'] })
  const undrain = useMutation({ mutationFn: () => undrainNode(node.id), onSuccess, onError })
  const remove = useMutation({
    mutationFn: () => removeNode(node.id),
    onSuccess: async () => {
      await navigate({ to: '/nodes' })
      await onSuccess()
    },
    onError,
  })
  if (user.role !== Role.admin) return null
  const askToRemove = () =>
    modal.confirm({
      title: t('action.removeAsk', { name: node.name }),
      content: t('action.removeHint'),
      okText: t('action.remove'),
      okButtonProps: { danger: true },
      cancelText: t('common:action.cancel'),
      onOk: () => remove.mutateAsync().catch(() => undefined), // said by onError
    })
  return (
    <>
      {node.state === 'active' ? (
        <Button onClick={() => setDraining(true)}>{t('action.drain')}</Button>
      ) : (
        <Button type="primary" loading={undrain.isPending} onClick={() => undrain.mutate()}>
          {t('action.undrain')}
        </Button>
      )}
      <Button danger onClick={askToRemove}>
        {t('action.remove')}
      </Button>
      {draining && <DrainDialog node={node} onClose={() => setDraining(false)} onError={onError} />}
    </>
  )
}

function DrainDialog({
  node,
  onClose,
  onError,
}: {
  node: NodeView
  onClose: () => void
  onError: (error: Error) => void
}) {
  const { t } = useTranslation(['nodes', 'common'])
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const id = useId()
  const drain = useMutation({
    mutationFn: () => drainNode(node.id, { reason }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['nodes'] })
      onClose()
    },
    onError,
  })
  return (
    <Modal
      open
      title={t('action.drainAsk', { name: node.name })}
      okText={t('action.drain')}
      cancelText={t('common:action.cancel')}
      confirmLoading={drain.isPending}
      onOk={() => drain.mutate()}
      onCancel={onClose}
    >
      <p>{t('action.drainHint')}</p>
      <label htmlFor={id}>{t('action.reason')}</label>
      <Input id={id} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
    </Modal>
  )
}
