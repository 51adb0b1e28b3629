import { useMutation } from '@tanstack/react-query'
import { App, Button, Form, Input, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { changeUser, type UserView } from '@/shared/api/wire'
import { ErrorState } from '@/shared/ui/states'

const LEAST_PASSWORD = 10

/** A new password for somebody who forgot theirs; it signs them out everywhere. */
export function PasswordDialog({ user, onClose }: { user: UserView; onClose: () => void }) {
  const { t } = useTranslation(['settings', 'session'])
  const { message } = App.useApp()
  const reset = useMutation({
    mutationFn: (password: string) => changeUser(user.id, { password }),
    onSuccess: () => {
      void message.success(t('people.resetDone', { name: user.name }))
      onClose()
    },
  })
  const rules = [
    { required: true, message: t('session:required') },
    { min: LEAST_PASSWORD, message: t('session:setup.short') },
  ]
  return (
    <Modal open title={t('people.resetOf', { name: user.name })} footer={null} onCancel={onClose}>
      <Form<{ password: string }>
        layout="vertical"
        requiredMark={false}
        onFinish={({ password }) => reset.mutate(password)}
      >
        <Form.Item name="password" label={t('account.new')} rules={rules}>
          <Input.Password autoComplete="new-password" autoFocus />
        </Form.Item>
        {reset.error && <ErrorState error={reset.error} />}
        <Button type="primary" htmlType="submit" block loading={reset.isPending}>
          {t('people.reset')}
        </Button>
      </Form>
    </Modal>
  )
}
