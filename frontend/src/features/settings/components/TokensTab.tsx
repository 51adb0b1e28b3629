import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Role, revokeToken, type TokenView } from '@/shared/api/wire'
import { formatAbsolute } from '@/shared/format/times'
import { useUser } from '@/shared/session/session'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { useErrorText } from '@/shared/ui/errorText'
import { Answered, EmptyState } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { tokensQuery } from '../api/queries'
import { TokenDialog } from './TokenDialog'

/** API tokens: one's own, and for admins everybody's. */
export function TokensTab() {
  const { t } = useTranslation(['settings', 'common'])
  const user = useUser()
  const client = useQueryClient()
  const { message } = App.useApp()
  const words = useErrorText()
  const tokens = useQuery(tokensQuery)
  const [making, setMaking] = useState(false)
  const revoke = useMutation({
    mutationFn: (id: string) => revokeToken(id),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
    onError: (error) => void message.error(words(error).title),
  })
  const columns: Column<TokenView>[] = [
    { key: 'name', title: t('tokens.name'), isName: true, render: (token) => token.name },
    ...(user.role === Role.admin
      ? [{ key: 'owner', title: t('tokens.owner'), render: (token: TokenView) => token.owner }]
      : []),
    { key: 'used', title: t('tokens.used'), render: (token) => <TimeAgo at={token.last_used_at} /> },
    { key: 'expires', title: t('tokens.expires'), render: (token) => formatAbsolute(token.expires_at) },
    {
      key: 'revoke',
      title: t('tokens.revoke'),
      width: '90px',
      render: (token) => (
        <Popconfirm title={t('tokens.revokeAsk', { name: token.name })} onConfirm={() => revoke.mutate(token.id)}>
          <Button size="small" danger aria-label={t('tokens.revokeOne', { name: token.name })}>
            {t('tokens.revoke')}
          </Button>
        </Popconfirm>
      ),
    },
  ]
  return (
    <div className="px-stack">
      <div className="px-row" style={{ justifyContent: 'space-between' }}>
        <span className="px-muted">{t('tokens.hint')}</span>
        <Button onClick={() => setMaking(true)}>{t('tokens.make')}</Button>
      </div>
      <Answered query={tokens}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState text={t('tokens.none')} />
          ) : (
            <DataTable
              label={t('tab.tokens')}
              columns={columns}
              rows={rows}
              rowKey={(token) => token.id}
              rowName={(token) => token.name}
            />
          )
        }
      </Answered>
      {making && <TokenDialog onClose={() => setMaking(false)} />}
    </div>
  )
}
