import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeUser, Role, type UserUpdate, type UserView } from '@/shared/api/wire'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { useErrorText } from '@/shared/ui/errorText'
import { Answered } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { usersQuery } from '../api/queries'
import { PasswordDialog } from './PasswordDialog'
import { PersonDialog } from './PersonDialog'

/** Who may do what. People are switched off, not deleted: their jobs stay theirs. */
export function PeopleTab() {
  const { t } = useTranslation(['settings', 'session'])
  const client = useQueryClient()
  const { message } = App.useApp()
  const words = useErrorText()
  const users = useQuery(usersQuery)
  const [adding, setAdding] = useState(false)
  const [resetting, setResetting] = useState<UserView | null>(null)
  const change = useMutation({
    mutationFn: ({ id, body }: { id: string; body: UserUpdate }) => changeUser(id, body),
    onSettled: () => client.invalidateQueries({ queryKey: usersQuery.queryKey }),
    onError: (error) => void message.error(words(error).detail ?? words(error).title),
  })
  const columns: Column<UserView>[] = [
    { key: 'name', title: t('people.name'), isName: true, render: (user) => user.name },
    {
      key: 'role',
      title: t('people.role'),
      render: (user) => (
        <Select
          size="small"
          style={{ width: 110 }}
          aria-label={t('people.roleOf', { name: user.name })}
          value={user.role}
          options={Object.values(Role).map((value) => ({ value, label: t(`session:role.${value}`) }))}
          onChange={(role) => change.mutate({ id: user.id, body: { role } })}
        />
      ),
    },
    {
      key: 'active',
      title: t('people.active'),
      render: (user) => (
        <Switch
          size="small"
          aria-label={t('people.activeOf', { name: user.name })}
          checked={!user.disabled}
          onChange={(active) => change.mutate({ id: user.id, body: { disabled: !active } })}
        />
      ),
    },
    { key: 'created', title: t('people.created'), render: (user) => <TimeAgo at={user.created_at} /> },
    {
      key: 'password',
      title: t('people.password'),
      render: (user) => (
        <Button size="small" aria-label={t('people.resetOf', { name: user.name })} onClick={() => setResetting(user)}>
          {t('people.reset')}
        </Button>
      ),
    },
  ]
  return (
    <div className="px-stack">
      <div className="px-row" style={{ justifyContent: 'space-between' }}>
        <span className="px-muted">{t('people.hint')}</span>
        <Button onClick={() => setAdding(true)}>{t('people.add')}</Button>
      </div>
      <Answered query={users}>
        {(rows) => (
          <DataTable
            label={t('tab.people')}
            columns={columns}
            rows={rows}
            rowKey={(user) => user.id}
            rowName={(user) => user.name}
          />
        )}
      </Answered>
      {adding && <PersonDialog onClose={() => setAdding(false)} />}
      {resetting && <PasswordDialog user={resetting} onClose={() => setResetting(null)} />}
    </div>
  )
}
