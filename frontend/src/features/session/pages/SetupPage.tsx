import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Steps } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { healthQuery, sessionQuery } from '@/shared/session/session'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Loading } from '@/shared/ui/states'
import { AdminStep } from '../components/AdminStep'
import { Doorstep } from '../components/Doorstep'
import { NodeStep } from '../components/NodeStep'
import { WorkdirStep } from '../components/WorkdirStep'

/** First run: the admin, the workdir, the first node. Whoever reloads goes on at the step that is open. */
export default function SetupPage() {
  const { t } = useTranslation('session')
  const health = useQuery(healthQuery)
  const session = useQuery(sessionQuery)
  const navigate = useNavigate()
  const [done, setDone] = useState(0)
  if (!health.data || session.data === undefined) {
    return (
      <Doorstep>
        <Loading rows={3} />
      </Doorstep>
    )
  }
  const current = session.data ? Math.max(done, 1) : 0
  const leave = () => void navigate({ to: '/', replace: true })
  return (
    <Doorstep>
      <PageHeader title={t('setup.title')} />
      <Steps
        size="small"
        current={current}
        responsive={false}
        titlePlacement="vertical"
        items={[{ title: t('setup.admin') }, { title: t('setup.workdir') }, { title: t('setup.node') }]}
        style={{ marginBottom: 20 }}
      />
      {current === 0 && <AdminStep isDone={!health.data.setup_required} onDone={() => setDone(1)} />}
      {current === 1 && <WorkdirStep onDone={() => setDone(2)} />}
      {current === 2 && <NodeStep onDone={leave} />}
    </Doorstep>
  )
}
