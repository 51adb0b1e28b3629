import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Popconfirm } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { EndpointView } from '@/shared/api/wire'
import { formatCount } from '@/shared/format/numbers'
import { useSay } from '@/shared/i18n/told'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { ErrorState } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { endpointsQuery, useStopEndpoint } from '../api/endpointQueries'
import { EndpointStatus } from './EndpointStatus'

const nameOf = (row: EndpointView) => `${row.model}@${row.version}`

/** Models that are kept loaded and answer at once; nothing where there are none. */
export function Endpoints() {
  const { t } = useTranslation(['models', 'common'])
  const endpoints = useQuery(endpointsQuery())
  const { mutate: stop, error } = useStopEndpoint()
  const columns = useColumns(stop)
  const rows = endpoints.data ?? []
  if (rows.length === 0 && !endpoints.error) return null
  return (
    <section aria-labelledby="endpoints" className="px-stack" style={{ marginTop: 24, gap: 8 }}>
      <h2 id="endpoints" style={{ margin: 0 }}>
        {t('endpoint.title')}
      </h2>
      <p className="px-muted" style={{ margin: 0 }}>
        {t('endpoint.hint')}
      </p>
      {(endpoints.error ?? error) && <ErrorState error={endpoints.error ?? error} />}
      {rows.length > 0 && (
        <DataTable<EndpointView>
          label={t('endpoint.title')}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.job_id}
          rowName={nameOf}
        />
      )}
    </section>
  )
}

function useColumns(stop: (jobId: string) => void): Column<EndpointView>[] {
  const { t } = useTranslation(['models', 'common'])
  const say = useSay()
  return useMemo(
    () => [
      {
        key: 'model',
        title: t('endpoint.model'),
        isName: true,
        render: (row) => (
          <Link to="/models/$name" params={{ name: row.model }} search={{ tab: 'predict', version: row.version }}>
            {nameOf(row)}
          </Link>
        ),
      },
      {
        key: 'state',
        title: t('endpoint.is'),
        render: (row) => (
          <span title={say(row.reason_words, row.reason)}>
            <EndpointStatus state={row.state} />
          </span>
        ),
      },
      {
        key: 'node',
        title: t('endpoint.node'),
        render: (row) => (
          <Link to="/jobs/$jobId" params={{ jobId: row.job_id }}>
            {row.node ?? t('predict.job', { id: row.job_id.slice(0, 8) })}
          </Link>
        ),
      },
      { key: 'used', title: t('endpoint.used'), render: (row) => <TimeAgo at={row.last_used_at} /> },
      { key: 'ends', title: t('endpoint.ends'), render: (row) => (row.ends_at ? <TimeAgo at={row.ends_at} /> : '–') },
      {
        key: 'requests',
        title: t('endpoint.requests'),
        align: 'right',
        render: (row) => formatCount(row.requests),
      },
      { key: 'owner', title: t('endpoint.owner'), render: (row) => row.owner },
      {
        key: 'stop',
        title: t('endpoint.action'),
        render: (row) =>
          row.may_stop ? (
            <Popconfirm
              title={t('endpoint.stopAsk', { name: nameOf(row) })}
              okText={t('endpoint.stop')}
              cancelText={t('common:action.back')}
              onConfirm={() => stop(row.job_id)}
            >
              <Button size="small" danger aria-label={t('endpoint.stopOne', { name: nameOf(row) })}>
                {t('endpoint.stop')}
              </Button>
            </Popconfirm>
          ) : (
            '–'
          ),
      },
    ],
    [t, say, stop],
  )
}
