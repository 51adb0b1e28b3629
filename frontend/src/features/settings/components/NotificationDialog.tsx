import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { createNotification, type DestinationCreate, NotifyEvent, Role } from '@/shared/api/wire'
import { currentLanguage, LANGUAGES } from '@/shared/i18n'
import { useUser } from '@/shared/session/session'
import { CodeBlock } from '@/shared/ui/CopyButton'
import { ErrorState } from '@/shared/ui/states'
import { notificationsQuery } from '../api/queries'
import { useEventWords } from '../eventWords'

const USUAL: NotifyEvent[] = [
  NotifyEvent.jobsucceeded,
  NotifyEvent.jobfailed,
  NotifyEvent.jobheld,
  NotifyEvent.sweepended,
]
const SCOPES = ['own', 'everyone'] as const

/** Makes a destination; a webhook's signing key is shown this once. */
export function NotificationDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['settings', 'session', 'common'])
  const client = useQueryClient()
  const make = useMutation({
    mutationFn: (body: DestinationCreate) => createNotification({ ...body, secret: body.secret || null }),
    onSuccess: async ({ signing_key }) => {
      await client.invalidateQueries({ queryKey: notificationsQuery.queryKey })
      if (signing_key === null) onClose()
    },
  })
  return (
    <Modal open title={t('notifications.add')} footer={null} onCancel={onClose} mask={{ closable: false }}>
      {make.data?.signing_key ? (
        <div className="px-stack">
          <p style={{ margin: 0 }}>{t('notifications.keyOnce')}</p>
          <CodeBlock label={t('notifications.key')} text={make.data.signing_key} />
          <Button type="primary" onClick={onClose}>
            {t('common:action.close')}
          </Button>
        </div>
      ) : (
        <Fields make={make} />
      )}
    </Modal>
  )
}

interface Make {
  mutate: (body: DestinationCreate) => void
  error: Error | null
  isPending: boolean
}

function Fields({ make }: { make: Make }) {
  const { t } = useTranslation(['settings', 'session', 'common'])
  const user = useUser()
  const sayEvent = useEventWords()
  const required = [{ required: true, message: t('session:required') }]
  return (
    <Form<DestinationCreate>
      layout="vertical"
      requiredMark={false}
      initialValues={{ events: USUAL, scope: 'own', language: currentLanguage() }}
      onFinish={(body) => make.mutate(body)}
    >
      <Form.Item name="name" label={t('notifications.name')} rules={required}>
        <Input maxLength={100} autoFocus />
      </Form.Item>
      <Form.Item name="url" label={t('notifications.url')} extra={t('notifications.urlHint')} rules={required}>
        <Input autoComplete="off" spellCheck={false} maxLength={2000} />
      </Form.Item>
      <Form.Item name="secret" label={t('notifications.secret')} extra={t('notifications.secretHint')}>
        <Input.Password autoComplete="new-password" maxLength={200} />
      </Form.Item>
      <Form.Item name="events" label={t('notifications.events')} rules={required}>
        <Select
          mode="multiple"
          options={Object.values(NotifyEvent).map((value) => ({ value, label: sayEvent(value) }))}
        />
      </Form.Item>
      {user.role === Role.admin && (
        <Form.Item name="scope" label={t('notifications.scope')}>
          <Select options={SCOPES.map((value) => ({ value, label: t(`notifications.scopes.${value}`) }))} />
        </Form.Item>
      )}
      <Form.Item name="language" label={t('notifications.language')}>
        <Select options={LANGUAGES.map((value) => ({ value, label: t(`common:language.${value}`) }))} />
      </Form.Item>
      {make.error && <ErrorState error={make.error} />}
      <Button type="primary" htmlType="submit" block loading={make.isPending}>
        {t('common:action.create')}
      </Button>
    </Form>
  )
}
