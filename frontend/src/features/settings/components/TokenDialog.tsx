import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { createToken, type TokenCreate } from '@/shared/api/wire'
import { CodeBlock } from '@/shared/ui/CopyButton'
import { ErrorState } from '@/shared/ui/states'
import { tokensQuery } from '../api/queries'

/** Makes a token and shows it this once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['settings', 'session', 'common'])
  const client = useQueryClient()
  const make = useMutation({
    mutationFn: (body: TokenCreate) => createToken(body),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  })
  return (
    <Modal open title={t('tokens.make')} footer={null} onCancel={onClose} mask={{ closable: false }}>
      {make.data ? (
        <div className="px-stack">
          <p style={{ margin: 0 }}>{t('tokens.once')}</p>
          <CodeBlock label={t('tokens.token')} text={make.data.token} />
          <p style={{ margin: 0 }}>{t('tokens.how')}</p>
          <CodeBlock
            label={t('tokens.how')}
            text={`export PROTEINX_URL=${location.origin} PROTEINX_TOKEN=${make.data.token}`}
          />
          <Button type="primary" onClick={onClose}>
            {t('common:action.close')}
          </Button>
        </div>
      ) : (
        <Form<TokenCreate>
          layout="vertical"
          requiredMark={false}
          initialValues={{ days: 90 }}
          onFinish={(body) => make.mutate(body)}
        >
          <Form.Item name="name" label={t('tokens.name')} rules={[{ required: true, message: t('session:required') }]}>
            <Input maxLength={100} autoFocus />
          </Form.Item>
          <Form.Item name="days" label={t('tokens.days')}>
            <InputNumber min={1} max={3650} precision={0} style={{ width: '100%' }} />
          </Form.Item>
          {make.error && <ErrorState error={make.error} />}
          <Button type="primary" htmlType="submit" block loading={make.isPending}>
            {t('common:action.create')}
          </Button>
        </Form>
      )}
    </Modal>
  )
}
