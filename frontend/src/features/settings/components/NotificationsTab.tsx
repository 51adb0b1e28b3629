import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Popconfirm, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeNotification, type DestinationView, deleteNotification, Role, testNotification } from '@/shared/api/wire'
import { mayCreate, useUser } from '@/shared/session/session'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { useErrorText } from '@/shared/ui/errorText'
import { Answered, EmptyState } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { notificationsQuery } from '../api/queries'
import { useEventWords } from '../eventWords'
import { NotificationDialog } from './NotificationDialog'

/** Where one is told of what: one's own, and for admins everybody's. */
export function NotificationsTab() {
  const { t } = useTranslation(['settings', 'common'])
  const user = useUser()
  const sayEvent = useEventWords()
  const destinations = useQuery(notificationsQuery)
  const [adding, setAdding] = useState(false)
  const { change, remove, test } = useChanges()
  const columns: Column<DestinationView>[] = [
    { key: 'name', title: t('notifications.name'), isName: true, render: (one) => one.name },
    { key: 'address', title: t('notifications.address'), render: (one) => one.address },
    { key: 'events', title: t('notifications.events'), render: (one) => one.events.map(sayEvent).join(', ') },
    ...(user.role === Role.admin
      ? [{ key: 'owner', title: t('notifications.owner'), render: (one: DestinationView) => one.owner }]
      : []),
    { key: 'state', title: t('notifications.state'), render: (one) => <Sent destination={one} /> },
    {
      key: 'on',
      title: t('notifications.on'),
      width: '70px',
      render: (one) => (
        <Switch
          size="small"
          aria-label={t('notifications.onOf', { name: one.name })}
          checked={!one.paused}
          onChange={(on) => change.mutate({ ...one, paused: !on })}
        />
      ),
    },
    {
      key: 'actions',
      title: t('notifications.actions'),
      width: '170px',
      render: (one) => (
        <span className="px-row">
          <Button
            size="small"
            loading={test.isPending && test.variables === one.id}
            aria-label={t('notifications.testOf', { name: one.name })}
            onClick={() => test.mutate(one.id)}
          >
            {t('notifications.test')}
          </Button>
          <Popconfirm title={t('notifications.removeAsk', { name: one.name })} onConfirm={() => remove.mutate(one.id)}>
            <Button size="small" danger aria-label={t('notifications.removeOf', { name: one.name })}>
              {t('notifications.remove')}
            </Button>
          </Popconfirm>
        </span>
      ),
    },
  ]
  return (
    <div className="px-stack">
      <div className="px-row" style={{ justifyContent: 'space-between' }}>
        <span className="px-muted">{t('notifications.hint')}</span>
        {mayCreate(user) && <Button onClick={() => setAdding(true)}>{t('notifications.add')}</Button>}
      </div>
      <Answered query={destinations}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState text={t('notifications.none')} />
          ) : (
            <DataTable
              label={t('tab.notifications')}
              columns={columns}
              rows={rows}
              rowKey={(one) => one.id}
              rowName={(one) => one.name}
            />
          )
        }
      </Answered>
      {adding && <NotificationDialog onClose={() => setAdding(false)} />}
    </div>
  )
}

function Sent({ destination }: { destination: DestinationView }) {
  const { t } = useTranslation('settings')
  const waiting = destination.waiting > 0 ? ` · ${t('notifications.waiting', { n: destination.waiting })}` : ''
  if (destination.last_error) return `${destination.last_error}${waiting}`
  return (
    <>
      <TimeAgo at={destination.last_sent_at} />
      {waiting}
    </>
  )
}

function useChanges() {
  const { t } = useTranslation('settings')
  const client = useQueryClient()
  const { message } = App.useApp()
  const words = useErrorText()
  const onSettled = () => client.invalidateQueries({ queryKey: notificationsQuery.queryKey })
  const onError = (error: Error) => void message.error(words(error).detail ?? words(error).title)
  return {
    change: useMutation({
      mutationFn: ({ id, name, events, scope, language, paused }: DestinationView) =>
        changeNotification(id, { name, events, scope, language, paused }),
      onSettled,
      onError,
    }),
    remove: useMutation({ mutationFn: (id: string) => deleteNotification(id), onSettled, onError }),
    test: useMutation({
      mutationFn: (id: string) => testNotification(id),
      onSuccess: ({ sent, detail }) =>
        void (sent
          ? message.success(t('notifications.tested'))
          : message.error(t('notifications.notSent', { why: detail }))),
      onError,
    }),
  }
}
