import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Form, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import { createJoinToken, type JoinTokenCreate } from '@/shared/api/wire'
import { formatAbsolute } from '@/shared/format/times'
import { CodeBlock } from '@/shared/ui/CopyButton'
import { ErrorState } from '@/shared/ui/states'

/** A line to paste on the machines that shall join. */
export function MachinesTab() {
  const { t } = useTranslation(['settings', 'session', 'common'])
  const make = useMutation({ mutationFn: (body: JoinTokenCreate) => createJoinToken(body) })
  return (
    <div className="px-stack" style={{ maxWidth: 640 }}>
      <section className="px-card px-stack" aria-labelledby="join">
        <h2 id="join">{t('machines.title')}</h2>
        <p style={{ margin: 0 }}>{t('machines.hint')}</p>
        <Form<JoinTokenCreate>
          layout="inline"
          initialValues={{ uses: 1, hours: 1 }}
          onFinish={(body) => make.mutate(body)}
        >
          <Form.Item name="uses" label={t('machines.uses')}>
            <InputNumber min={1} max={1000} precision={0} />
          </Form.Item>
          <Form.Item name="hours" label={t('machines.hours')}>
            <InputNumber min={0.1} max={720} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={make.isPending}>
            {t('machines.make')}
          </Button>
        </Form>
        {make.error && <ErrorState error={make.error} />}
        {make.data && (
          <>
            <CodeBlock label={t('session:setup.command')} text={make.data.command} />
            <p className="px-muted" style={{ margin: 0 }}>
              {t('machines.until', { n: make.data.uses, at: formatAbsolute(make.data.expires_at) })}
            </p>
          </>
        )}
      </section>
      <Link to="/nodes">{t('common:nav.nodes')}</Link>
    </div>
  )
}
