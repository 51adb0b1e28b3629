import { EllipsisOutlined } from '@ant-design/icons'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isEnded } from '@/shared/api/jobStates'
import { type JobDetail, JobState } from '@/shared/api/wire'
import { mayChange, mayCreate, useUser } from '@/shared/session/session'
import { useJobAction } from '../api/useJobAction'
import { RegisterDialog } from './RegisterDialog'
import { ReproduceDialog } from './ReproduceDialog'

/** What this person can do to the job as it is now; the most likely thing is a button. */
export function JobActions({ job }: { job: JobDetail }) {
  const { t } = useTranslation(['job', 'common'])
  const user = useUser()
  const navigate = useNavigate()
  const { modal } = App.useApp()
  const [registering, setRegistering] = useState(false)
  const [reproducing, setReproducing] = useState(false)
  const { cancel, release, retry, trash } = useJobAction(job)
  const ended = isEnded(job.state)
  const own = mayChange(user, job.owner)
  const askToCancel = () =>
    modal.confirm({
      title: t('action.cancelAsk', { name: job.name }),
      content: t('action.cancelHint'),
      okText: t('action.cancel'),
      okButtonProps: { danger: true },
      cancelText: t('common:action.back'),
      onOk: () => cancel.mutateAsync(),
    })
  const askToTrash = () =>
    modal.confirm({
      title: t('action.trashAsk', { name: job.name }),
      content: t('action.trashHint'),
      okText: t('action.trash'),
      okButtonProps: { danger: true },
      cancelText: t('common:action.back'),
      onOk: () => trash.mutateAsync(),
    })
  const more = [
    {
      key: 'compare',
      label: t('action.compare'),
      onClick: () => void navigate({ to: '/compare', search: { jobs: [job.id] } }),
    },
    ...(mayCreate(user) && job.state === JobState.succeeded
      ? [{ key: 'reproduce', label: t('action.reproduce'), onClick: () => setReproducing(true) }]
      : []),
    ...(mayCreate(user)
      ? [
          {
            key: 'sweep',
            label: t('action.sweep'),
            onClick: () => void navigate({ to: '/jobs/new', search: { from: job.id, sweep: true } }),
          },
        ]
      : []),
    ...(own && job.state === JobState.succeeded
      ? [{ key: 'register', label: t('action.register'), onClick: () => setRegistering(true) }]
      : []),
    ...(own && ended && !job.trashed_at ? [{ key: 'trash', label: t('action.trash'), onClick: askToTrash }] : []),
  ]
  return (
    <>
      <a
        className="px-button"
        href={`/mlflow/#/experiments/${job.experiment_id}/runs/${job.id}`}
        target="_blank"
        rel="noopener"
      >
        {t('action.mlflow')}
        <span className="px-visually-hidden">{t('common:nav.newTab')}</span>
      </a>
      {own && !ended && job.state !== JobState.cancelling && (
        <Button danger onClick={askToCancel} loading={cancel.isPending}>
          {t('action.cancel')}
        </Button>
      )}
      {own && job.state === JobState.held && (
        <Button type="primary" onClick={() => release.mutate()} loading={release.isPending}>
          {t('action.release')}
        </Button>
      )}
      {mayCreate(user) && ended && (
        <Button onClick={() => retry.mutate()} loading={retry.isPending}>
          {t('action.retry')}
        </Button>
      )}
      {mayCreate(user) && (
        <Link to="/jobs/new" search={{ from: job.id }} className="px-button">
          {t('action.clone')}
        </Link>
      )}
      <Dropdown trigger={['click']} menu={{ items: more }}>
        <Button icon={<EllipsisOutlined />} aria-label={t('common:action.more')} />
      </Dropdown>
      {reproducing && <ReproduceDialog job={job} onClose={() => setReproducing(false)} />}
      {registering && <RegisterDialog job={job} onClose={() => setRegistering(false)} />}
    </>
  )
}
