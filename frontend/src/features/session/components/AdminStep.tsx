import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { type Setup, setUp } from '@/shared/api/wire'
import { healthQuery, sessionQuery } from '@/shared/session/session'
import { ErrorState } from '@/shared/ui/states'

const LEAST_PASSWORD = 10

/** A second visitor finds the admin made and is sent to sign in. */
export function AdminStep({ isDone, onDone }: { isDone: boolean; onDone: () => void }) {
  const { t } = useTranslation('session')
  const client = useQueryClient()
  const make = useMutation({
    mutationFn: (body: Setup) => setUp({ ...body, setup_token: body.setup_token.trim() }),
    onSuccess: (user) => {
      onDone()
      client.setQueryData(sessionQuery.queryKey, user)
      void client.invalidateQueries({ queryKey: healthQuery.queryKey })
    },
  })
  if (isDone && !make.isSuccess) return <Navigate to="/sign-in" search={{}} replace />
  const required = { required: true, message: t('required') }
  return (
    <>
      <p>{t('setup.adminIntro')}</p>
      <Form<Setup> layout="vertical" requiredMark={false} onFinish={(body) => make.mutate(body)}>
        <Form.Item name="setup_token" label={t('setup.token')} extra={t('setup.tokenHelp')} rules={[required]}>
          <Input autoComplete="off" spellCheck={false} autoFocus />
        </Form.Item>
        <Form.Item name="name" label={t('name')} rules={[required]}>
          <Input autoComplete="username" spellCheck={false} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('setup.newPassword')}
          rules={[required, { min: LEAST_PASSWORD, message: t('setup.short') }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <div className="px-stack">
          {make.error && <ErrorState error={make.error} />}
          <Button type="primary" htmlType="submit" block loading={make.isPending}>
            {t('setup.createAdmin')}
          </Button>
        </div>
      </Form>
    </>
  )
}
