import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Descriptions } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Role, setWorkdir, type WorkdirView } from '@/shared/api/wire'
import { formatBytes } from '@/shared/format/numbers'
import { useUser } from '@/shared/session/session'
import { workdirQuery } from '@/shared/session/workdir'
import { Meter } from '@/shared/ui/Meter'
import { Answered, ErrorState } from '@/shared/ui/states'
import { WorkdirField } from '@/shared/ui/WorkdirField'

/** Where all files lie. It can be moved here while it is empty. */
export function WorkdirTab() {
  const { t } = useTranslation('settings')
  const user = useUser()
  const workdir = useQuery(workdirQuery)
  return (
    <Answered query={workdir}>
      {(view) => (
        <div className="px-stack" style={{ maxWidth: 640 }}>
          {view.problem && <Alert type="warning" showIcon title={view.problem} />}
          <Descriptions
            bordered
            size="small"
            column={1}
            title={t('tab.workdir')}
            items={[
              { key: 'path', label: t('workdir.path'), children: <code>{view.path ?? '–'}</code> },
              { key: 'free', label: t('workdir.used'), children: <Space view={view} /> },
              { key: 'can', label: t('workdir.writable'), children: view.writable ? t('yes') : t('no') },
            ]}
          />
          {user.role === Role.admin &&
            (view.changeable ? <Change present={view.path} /> : <p className="px-muted">{t('workdir.fixed')}</p>)}
        </div>
      )}
    </Answered>
  )
}

function Space({ view }: { view: WorkdirView }) {
  const { t } = useTranslation('settings')
  if (view.free_bytes === null || view.total_bytes === null) return '–'
  const used = view.total_bytes - view.free_bytes
  const text = t('workdir.space', {
    used: formatBytes(used),
    total: formatBytes(view.total_bytes),
    free: formatBytes(view.free_bytes),
  })
  return <Meter label={t('workdir.used')} value={used} max={view.total_bytes} text={text} warnAt={0.85} />
}

function Change({ present }: { present: string | null }) {
  const { t } = useTranslation(['settings', 'session'])
  const client = useQueryClient()
  const { message } = App.useApp()
  const [path, setPath] = useState(present ?? '')
  const [usable, setUsable] = useState(false)
  const change = useMutation({
    mutationFn: () => setWorkdir({ path }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: workdirQuery.queryKey })
      void message.success(t('workdir.changed'))
    },
  })
  return (
    <section className="px-card px-stack" aria-labelledby="change">
      <h2 id="change">{t('workdir.change')}</h2>
      <WorkdirField value={path} onChange={setPath} onUsable={setUsable} isPresent={path === present} />
      {change.error && <ErrorState error={change.error} />}
      <div>
        <Button
          type="primary"
          disabled={!usable || path === present}
          loading={change.isPending}
          onClick={() => change.mutate()}
        >
          {t('session:setup.useIt')}
        </Button>
      </div>
    </section>
  )
}
