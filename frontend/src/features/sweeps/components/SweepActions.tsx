import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { type SweepDetail, SweepState } from '@/shared/api/wire'
import { mayChange, useUser } from '@/shared/session/session'
import { useSweepAction } from '../api/useSweepAction'

/** What this person can do to the sweep as it is now. */
export function SweepActions({ sweep }: { sweep: SweepDetail }) {
  const { t } = useTranslation(['sweeps', 'common'])
  const user = useUser()
  const { modal } = App.useApp()
  const { pause, resume, stop } = useSweepAction(sweep.id)
  const isRunning = sweep.state === SweepState.running
  const isPaused = sweep.state === SweepState.paused
  const askToStop = () =>
    modal.confirm({
      title: t('stopAsk', { name: sweep.name }),
      content: t('stopHint'),
      okText: t('stop'),
      okButtonProps: { danger: true },
      cancelText: t('common:action.back'),
      onOk: () => stop.mutateAsync(),
    })
  return (
    <>
      <a
        className="px-button"
        href={`/mlflow/#/experiments/${sweep.experiment_id}/runs/${sweep.id}`}
        target="_blank"
        rel="noopener"
      >
        {t('inMlflow')}
        <span className="px-visually-hidden">{t('common:nav.newTab')}</span>
      </a>
      {mayChange(user, sweep.owner) && (isRunning || isPaused) && (
        <>
          {isRunning && (
            <Button onClick={() => pause.mutate()} loading={pause.isPending}>
              {t('pause')}
            </Button>
          )}
          {isPaused && (
            <Button type="primary" onClick={() => resume.mutate()} loading={resume.isPending}>
              {t('resume')}
            </Button>
          )}
          <Button danger onClick={askToStop} loading={stop.isPending}>
            {t('stop')}
          </Button>
        </>
      )}
    </>
  )
}
