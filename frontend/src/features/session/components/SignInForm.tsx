import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { openSession, type SignIn, type UserView } from '@/shared/api/wire'
import { sessionQuery } from '@/shared/session/session'
import { ErrorState } from '@/shared/ui/states'

interface Props {
  onDone: (user: UserView) => void
  name?: string | undefined
}

export default function SignInForm({ onDone, name }: Props) {
  const { t } = useTranslation('session')
  const client = useQueryClient()
  const signIn = useMutation({
    mutationFn: (body: SignIn) => openSession(body),
    onSuccess: (user) => {
      client.setQueryData(sessionQuery.queryKey, user)
      onDone(user)
    },
  })
  const required = [{ required: true, message: t('required') }]
  return (
    <Form<SignIn>
      layout="vertical"
      requiredMark={false}
      initialValues={{ name }}
      onFinish={(body) => signIn.mutate(body)}
    >
      <Form.Item name="name" label={t('name')} rules={required}>
        <Input autoComplete="username" autoFocus={!name} spellCheck={false} />
      </Form.Item>
      <Form.Item name="password" label={t('password')} rules={required}>
        <Input.Password autoComplete="current-password" autoFocus={Boolean(name)} />
      </Form.Item>
      <div className="px-stack">
        {signIn.error && <ErrorState error={signIn.error} />}
        <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
          {t('signIn')}
        </Button>
      </div>
    </Form>
  )
}
