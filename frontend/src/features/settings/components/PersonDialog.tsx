import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { createUser, Role, type UserCreate } from '@/shared/api/wire'
import { ErrorState } from '@/shared/ui/states'
import { usersQuery } from '../api/queries'

const LEAST_PASSWORD = 10

export function PersonDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['settings', 'session'])
  const client = useQueryClient()
  const create = useMutation({
    mutationFn: (body: UserCreate) => createUser(body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: usersQuery.queryKey })
      onClose()
    },
  })
  const required = { required: true, message: t('session:required') }
  return (
    <Modal open title={t('people.add')} footer={null} onCancel={onClose}>
      <Form<UserCreate>
        layout="vertical"
        requiredMark={false}
        initialValues={{ role: Role.member }}
        onFinish={(body) => create.mutate(body)}
      >
        <Form.Item name="name" label={t('people.name')} rules={[required]}>
          <Input autoComplete="off" spellCheck={false} autoFocus />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('people.firstPassword')}
          extra={t('people.firstPasswordHint')}
          rules={[required, { min: LEAST_PASSWORD, message: t('session:setup.short') }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item name="role" label={t('people.role')} extra={t('people.roleHint')}>
          <Select options={Object.values(Role).map((value) => ({ value, label: t(`session:role.${value}`) }))} />
        </Form.Item>
        {create.error && <ErrorState error={create.error} />}
        <Button type="primary" htmlType="submit" block loading={create.isPending}>
          {t('people.add')}
        </Button>
      </Form>
    </Modal>
  )
}
