import { useMutation } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { changeUser } from '@/shared/api/wire'
import { useUser } from '@/shared/session/session'
import { ErrorState } from '@/shared/ui/states'

const LEAST_PASSWORD = 10

interface Passwords {
  current_password: string
  password: string
}

/** One's own password. Other browsers that are signed in are signed out by it. */
export function AccountTab() {
  const { t } = useTranslation(['settings', 'session'])
  const user = useUser()
  const { message } = App.useApp()
  const [form] = Form.useForm<Passwords>()
  const change = useMutation({
    mutationFn: (body: Passwords) => changeUser(user.id, body),
    onSuccess: () => {
      form.resetFields()
      void message.success(t('account.changed'))
    },
  })
  const required = { required: true, message: t('session:required') }
  return (
    <section className="px-card" style={{ maxWidth: 460 }} aria-labelledby="account">
      <h2 id="account">{t('account.title')}</h2>
      <p>{t('session:who', { name: user.name, role: t(`session:role.${user.role}`) })}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(body) => change.mutate(body)}>
        <Form.Item name="current_password" label={t('account.current')} rules={[required]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('account.new')}
          rules={[required, { min: LEAST_PASSWORD, message: t('session:setup.short') }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <div className="px-stack">
          {change.error && <ErrorState error={change.error} />}
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {t('account.change')}
          </Button>
        </div>
      </Form>
    </section>
  )
}
