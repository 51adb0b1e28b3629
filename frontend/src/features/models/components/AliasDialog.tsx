import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, AutoComplete, Input, Modal } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ModelVersionView, type ModelView, rollBackAlias, setModelAlias } from '@/shared/api/wire'
import { ErrorState } from '@/shared/ui/states'
import { gateQuery, MODELS_KEY } from '../api/modelQueries'
import { GateState } from './GateState'
import { MetricChange } from './MetricChange'

const GATED = 'champion'
const USUAL = [GATED, 'candidate'] as const

interface Props {
  model: ModelView
  versions: ModelVersionView[]
  version: ModelVersionView
  /** Chosen beforehand: a roll back. */
  alias?: string
  onClose: () => void
}

/** Moves an alias to a version, after showing what that changes and what the gate says; who and why are kept. */
export function AliasDialog({ model, versions, version, alias: given, onClose }: Props) {
  const { t } = useTranslation(['models', 'common'])
  const id = useId()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [alias, setAlias] = useState(given ?? 'champion')
  const [reason, setReason] = useState('')
  const [force, setForce] = useState(false)
  const name = alias.trim()
  const held = model.aliases?.[name]
  const isGated = !given && name.toLowerCase() === GATED && held !== version.version
  const gate = useQuery({ ...gateQuery(version), enabled: isGated })
  const isBarred = isGated && !gate.data?.passed && !force
  const current = versions.find((one) => one.version === held)
  const move = useMutation({
    mutationFn: () => {
      const [where, why] = [[encodeURIComponent(model.name), encodeURIComponent(name)] as const, reason.trim()]
      if (given) return rollBackAlias(...where, { reason: why })
      return setModelAlias(...where, { version: version.version, reason: why, force: isGated && force })
    },
    onSuccess: () => {
      void message.success(t('alias.done', { alias: name, n: version.version }))
      void client.invalidateQueries({ queryKey: MODELS_KEY })
      onClose()
    },
  })
  const isSame = held === version.version
  return (
    <Modal
      open
      title={
        given ? t('alias.backTitle', { alias: given, n: version.version }) : t('alias.title', { n: version.version })
      }
      okText={t('alias.move', { alias: name })}
      cancelText={t('common:action.cancel')}
      okButtonProps={{ disabled: !name || isSame || isBarred || !reason.trim() }}
      confirmLoading={move.isPending}
      onOk={() => move.mutate()}
      onCancel={onClose}
    >
      <div className="px-stack">
        {!given && (
          <div>
            <label htmlFor={`${id}-alias`}>{t('alias.name')}</label>
            <AutoComplete
              id={`${id}-alias`}
              style={{ width: '100%', margin: '4px 0' }}
              value={alias}
              onChange={setAlias}
              options={[...new Set([...USUAL, ...Object.keys(model.aliases ?? {})])].map((value) => ({ value }))}
            />
            <span className="px-muted">{t('alias.nameHint')}</span>
          </div>
        )}
        {name && (
          <p style={{ margin: 0 }} role="status">
            {isSame
              ? t('alias.same', { n: version.version })
              : held
                ? t('alias.now', { alias: name, n: held, to: version.version })
                : t('alias.fresh', { alias: name })}
          </p>
        )}
        {isGated && <GateState version={version} force={force} onForce={setForce} />}
        {current && !isSame && <MetricChange before={current} after={version} />}
        <div>
          <label htmlFor={`${id}-reason`}>{t('alias.reason')}</label>
          <Input.TextArea
            id={`${id}-reason`}
            rows={2}
            maxLength={1000}
            style={{ margin: '4px 0' }}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <span className="px-muted">{t('alias.reasonHint')}</span>
        </div>
        {move.error && <ErrorState error={move.error} />}
      </div>
    </Modal>
  )
}
