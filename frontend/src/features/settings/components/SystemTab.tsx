import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import { Role, type SystemSettings, setSettings } from '@/shared/api/wire'
import { useUser } from '@/shared/session/session'
import { Answered, ErrorState } from '@/shared/ui/states'
import { systemQuery } from '../api/queries'

const GIB = 1024 ** 3
const GROUPS = [
  { name: 'heartbeats', keys: ['heartbeat_seconds', 'suspect_seconds', 'lease_seconds', 'claim_seconds'], unit: 1 },
  { name: 'space', keys: ['max_upload_bytes', 'max_log_bytes', 'checkpoint_bytes', 'min_free_bytes'], unit: GIB },
] as const satisfies { name: string; keys: (keyof SystemSettings)[]; unit: number }[]

/** How long silence is patience, and how much room things may take. */
export function SystemTab() {
  const { t } = useTranslation(['settings', 'common'])
  const settings = useQuery(systemQuery)
  return <Answered query={settings}>{(values) => <SystemForm key={t('title')} values={values} />}</Answered>
}

function SystemForm({ values }: { values: SystemSettings }) {
  const { t } = useTranslation(['settings', 'common'])
  const user = useUser()
  const client = useQueryClient()
  const { message } = App.useApp()
  const save = useMutation({
    mutationFn: (shown: Record<string, number>) => setSettings({ ...values, ...inUnits(shown) }),
    onSuccess: (saved) => {
      client.setQueryData(systemQuery.queryKey, saved)
      void message.success(t('system.saved'))
    },
  })
  const initial = Object.fromEntries(
    GROUPS.flatMap(({ keys, unit }) => keys.map((key) => [key, Number(values[key]) / unit])),
  )
  const isAdmin = user.role === Role.admin
  return (
    <Form<Record<string, number>>
      layout="vertical"
      requiredMark={false}
      initialValues={initial}
      disabled={!isAdmin}
      onFinish={(shown) => save.mutate(shown)}
      style={{ maxWidth: 640 }}
    >
      <div className="px-stack">
        {GROUPS.map(({ name, keys }) => (
          <section key={name} className="px-card" aria-labelledby={name}>
            <h2 id={name}>{t(`system.${name}`)}</h2>
            {keys.map((key) => (
              <Form.Item
                key={key}
                name={key}
                label={t(`system.${key}`)}
                extra={t(`system.${key}_hint`)}
                rules={[{ required: true, message: t('system.number') }]}
              >
                <InputNumber min={0} style={{ width: 200 }} />
              </Form.Item>
            ))}
          </section>
        ))}
        {save.error && <ErrorState error={save.error} />}
        {isAdmin && (
          <div>
            <Button type="primary" htmlType="submit" loading={save.isPending}>
              {t('common:action.save')}
            </Button>
          </div>
        )}
      </div>
    </Form>
  )
}

function inUnits(shown: Record<string, number>): Partial<SystemSettings> {
  return Object.fromEntries(
    GROUPS.flatMap(({ keys, unit }) =>
      keys.map((key) => [key, unit === 1 ? shown[key] : Math.round((shown[key] ?? 0) * unit)]),
    ),
  )
}
