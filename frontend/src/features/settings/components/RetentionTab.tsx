import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, InputNumber } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  planRetention,
  type RetentionView,
  type Rules,
  runRetention,
  type Surplus,
  setRetention,
} from '@/shared/api/wire'
import { formatBytes, formatCount } from '@/shared/format/numbers'
import { Answered, ErrorState } from '@/shared/ui/states'
import { useDebounced } from '@/shared/ui/useDebounced'
import { retentionQuery } from '../api/queries'

const KINDS = ['checkpoints', 'logs', 'results'] as const
const TYPING_MS = 500

/** How long what jobs leave is kept, with what such rules would remove now. */
export function RetentionTab() {
  const { t } = useTranslation('settings')
  const view = useQuery(retentionQuery)
  return (
    <Answered query={view}>
      {(found) => (
        <div className="px-stack" style={{ maxWidth: 720 }}>
          <p style={{ margin: 0 }}>{t('retention.hint')}</p>
          <RulesForm view={found} />
        </div>
      )}
    </Answered>
  )
}

function RulesForm({ view }: { view: RetentionView }) {
  const { t } = useTranslation(['settings', 'common'])
  const client = useQueryClient()
  const { message, modal } = App.useApp()
  const [rules, setRules] = useState<Rules>(view.rules)
  const asked = useDebounced(rules, TYPING_MS)
  const plan = useQuery({
    queryKey: [...retentionQuery.queryKey, 'plan', asked],
    queryFn: ({ signal }) => planRetention(asked, { signal }),
  })
  const save = useMutation({
    mutationFn: () => setRetention(rules),
    onSuccess: (saved) => {
      client.setQueryData(retentionQuery.queryKey, saved)
      void message.success(t('system.saved'))
    },
  })
  const run = useMutation({
    mutationFn: () => runRetention(),
    onSuccess: (done) => {
      const size = KINDS.reduce((sum, kind) => sum + (done[kind].bytes ?? 0), 0)
      void message.success(t(done.is_done ? 'retention.done' : 'retention.more', { size: formatBytes(size) }))
      void client.invalidateQueries({ queryKey: retentionQuery.queryKey })
    },
  })
  const isSaved = KINDS.every((kind) => rules[`${kind}_days`] === view.rules[`${kind}_days`])
  const hasSurplus = KINDS.some((kind) => (view[kind].files ?? 0) > 0)
  const ask = () =>
    modal.confirm({
      title: t('retention.runAsk'),
      content: KINDS.map((kind) => (
        <p key={kind} style={{ margin: 0 }}>
          {t(`retention.${kind}`)}: <Told surplus={view[kind]} />
        </p>
      )),
      okText: t('retention.run'),
      okButtonProps: { danger: true },
      cancelText: t('common:action.cancel'),
      onOk: () => run.mutateAsync(),
    })
  return (
    <Form layout="vertical" onFinish={() => save.mutate()}>
      <div className="px-stack">
        {KINDS.map((kind) => (
          <section key={kind} className="px-card" aria-labelledby={`keep-${kind}`}>
            <h2 id={`keep-${kind}`}>{t(`retention.${kind}`)}</h2>
            <Form.Item label={t('retention.days')} htmlFor={`days-${kind}`} extra={t(`retention.${kind}Hint`)}>
              <InputNumber
                id={`days-${kind}`}
                min={0}
                max={36_500}
                style={{ width: 200 }}
                placeholder={t('retention.forever')}
                value={rules[`${kind}_days`] ?? null}
                onChange={(days) => setRules({ ...rules, [`${kind}_days`]: days })}
              />
            </Form.Item>
            <p className="px-muted" style={{ margin: 0 }} role="status">
              {plan.data && (
                <>
                  {t('retention.now')} <Told surplus={plan.data[kind]} />
                </>
              )}
            </p>
          </section>
        ))}
        {(plan.error ?? save.error ?? run.error) && <ErrorState error={plan.error ?? save.error ?? run.error} />}
        <div className="px-row">
          <Button type="primary" htmlType="submit" disabled={isSaved} loading={save.isPending}>
            {t('common:action.save')}
          </Button>
          <Button danger disabled={!isSaved || !hasSurplus} loading={run.isPending} onClick={ask}>
            {t('retention.run')}
          </Button>
        </div>
      </div>
    </Form>
  )
}

function Told({ surplus: { jobs = 0, files = 0, bytes = 0 } }: { surplus: Surplus }) {
  const { t } = useTranslation('settings')
  if (files === 0) return t('retention.nothing')
  return t('retention.surplus', { files: formatCount(files), jobs: formatCount(jobs), size: formatBytes(bytes) })
}
