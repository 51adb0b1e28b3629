import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, InputNumber, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/shared/api/errors'
import { Role, type ServingSettings, type SystemSettings, setSettings } from '@/shared/api/wire'
import { useUser } from '@/shared/session/session'
import { useErrorText } from '@/shared/ui/errorText'
import { Answered, ErrorState } from '@/shared/ui/states'
import { systemQuery } from '../api/queries'
import { GROUPS, type SettingKey, type Shown, settingIn, settingsOf, shownOf } from '../systemSettings'
import styles from './System.module.css'

/** How long silence is patience, how much room things may take, and who goes first. */
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
    mutationFn: (shown: Shown) => setSettings(settingsOf(values, shown)),
    onSuccess: (saved) => {
      client.setQueryData(systemQuery.queryKey, saved)
      void message.success(t('system.saved'))
    },
  })
  const isAdmin = user.role === Role.admin
  const refused = save.error instanceof ApiError ? save.error.field : null
  return (
    <Form<Shown>
      layout="vertical"
      requiredMark={false}
      initialValues={shownOf(values)}
      disabled={!isAdmin}
      onFinish={(shown) => save.mutate(shown)}
      style={{ maxWidth: 960 }}
    >
      <div className="px-stack">
        {GROUPS.map(({ name, settings }) => (
          <section key={name} className="px-card" aria-labelledby={name}>
            <h2 id={name}>{t(`system.${name}`)}</h2>
            <div className={styles.settings}>
              {settings.map(([key]) => (
                <Setting
                  key={key}
                  name={key}
                  isSwitch={typeof settingIn(values, key) === 'boolean'}
                  error={refused === key && save.error}
                />
              ))}
            </div>
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

type WordKey = Exclude<SettingKey, `serving.${string}`> | `serving_${keyof ServingSettings}`

interface SettingProps {
  name: SettingKey
  isSwitch: boolean
  error: Error | false | null
}

/** One setting; a bound that the master refuses is said at its field. */
function Setting({ name, isSwitch, error }: SettingProps) {
  const { t } = useTranslation('settings')
  const words = useErrorText()
  const word = name.replace('.', '_') as WordKey
  return (
    <Form.Item
      name={name}
      label={t(`system.${word}`)}
      extra={t(`system.${word}_hint`)}
      rules={[{ required: true, message: t('system.number') }]}
      {...(isSwitch && { valuePropName: 'checked' })}
      {...(error && { validateStatus: 'error' as const, help: words(error).detail })}
    >
      {isSwitch ? <Switch /> : <InputNumber min={0} style={{ width: '100%' }} />}
    </Form.Item>
  )
}
