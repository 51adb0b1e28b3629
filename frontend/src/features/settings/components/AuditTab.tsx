import { useInfiniteQuery } from '@tanstack/react-query'
import { Input } from 'antd'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditEntryView } from '@/shared/api/wire'
import { formatAbsolute } from '@/shared/format/times'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { SEARCH_FIELD } from '@/shared/ui/hotkeys'
import { Answered, EmptyState } from '@/shared/ui/states'
import { useDebounced } from '@/shared/ui/useDebounced'
import { auditQuery } from '../api/queries'

/** Who did what, when, from where. */
export function AuditTab() {
  const { t } = useTranslation(['settings', 'common'])
  const [typed, setTyped] = useState('')
  const audit = useInfiniteQuery(auditQuery(useDebounced(typed.trim())))
  const rows = useMemo(() => audit.data?.pages.flatMap((page) => page.items) ?? [], [audit.data])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = audit
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const columns: Column<AuditEntryView>[] = [
    { key: 'at', title: t('audit.at'), width: '180px', render: (entry) => formatAbsolute(entry.at) },
    { key: 'action', title: t('audit.action'), isName: true, render: (entry) => <code>{entry.action}</code> },
    { key: 'actor', title: t('audit.actor'), render: (entry) => entry.actor },
    {
      key: 'object',
      title: t('audit.object'),
      render: (entry) => <span style={{ overflowWrap: 'anywhere' }}>{entry.object}</span>,
    },
    { key: 'client', title: t('audit.client'), render: (entry) => entry.client },
    {
      key: 'detail',
      title: t('audit.detail'),
      render: (entry) => <Detail detail={entry.detail} />,
    },
  ]
  return (
    <div className="px-stack">
      <div>
        <Input
          {...SEARCH_FIELD}
          allowClear
          style={{ width: 240 }}
          aria-label={t('audit.filter')}
          placeholder={t('audit.filter')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <Answered query={audit}>
        {() =>
          rows.length === 0 ? (
            <EmptyState text={t('common:state.noMatch')} />
          ) : (
            <DataTable
              label={t('tab.audit')}
              columns={columns}
              rows={rows}
              rowKey={(entry) => String(entry.id)}
              rowName={(entry) => entry.action}
              onEnd={onEnd}
            />
          )
        }
      </Answered>
    </div>
  )
}

const SHORT = 60

/** One line of it; the rest for who asks. */
function Detail({ detail }: { detail: AuditEntryView['detail'] }) {
  if (Object.keys(detail).length === 0) return '–'
  const text = JSON.stringify(detail)
  if (text.length <= SHORT) return <code style={{ overflowWrap: 'anywhere' }}>{text}</code>
  return (
    <details>
      <summary>
        <code style={{ overflowWrap: 'anywhere' }}>{`${text.slice(0, SHORT)} …`}</code>
      </summary>
      <pre style={{ margin: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {JSON.stringify(detail, null, 1)}
      </pre>
    </details>
  )
}
