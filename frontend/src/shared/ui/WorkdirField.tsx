import { CheckCircleFilled, CloseCircleFilled, InfoCircleFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Input } from 'antd'
import { useEffect, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorkdirCheck } from '@/shared/api/wire'
import { formatBytes } from '@/shared/format/numbers'
import { workdirCheckQuery } from '@/shared/session/workdir'
import { Status } from './Status'
import { ErrorState } from './states'
import { useDebounced } from './useDebounced'

interface Props {
  value: string
  onChange: (path: string) => void
  onUsable: (usable: boolean) => void
  /** Whether the path is that of the workdir in use. */
  isPresent: boolean
}

/** A folder on the server, looked at while it is typed. */
export function WorkdirField({ value, onChange, onUsable, isPresent }: Props) {
  const { t } = useTranslation('session')
  const id = useId()
  const settled = useDebounced(value.trim())
  const check = useQuery(workdirCheckQuery(settled))
  const usable = settled === value.trim() && check.data?.problem === null
  useEffect(() => onUsable(usable), [usable, onUsable])
  return (
    <div>
      <label htmlFor={id}>{t('setup.path')}</label>
      <Input
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        spellCheck={false}
        autoComplete="off"
        status={check.data?.problem && !isPresent ? 'error' : ''}
        aria-describedby={`${id}-check`}
        style={{ fontFamily: 'var(--ant-font-family-code)', marginTop: 4 }}
      />
      <div id={`${id}-check`} aria-live="polite" style={{ marginTop: 8, minHeight: 66 }}>
        {check.error && <ErrorState error={check.error} />}
        {check.isFetching && !check.data && <span className="px-muted">{t('setup.checking')}</span>}
        {check.data && <Findings check={check.data} />}
      </div>
    </div>
  )
}

function Findings({ check }: { check: WorkdirCheck }) {
  const { t } = useTranslation('session')
  if (check.problem) return <Status tone="bad" icon={<CloseCircleFilled />} word={check.problem} wraps />
  const good = <CheckCircleFilled />
  return (
    <div style={{ display: 'grid', gap: 2 }}>
      {check.exists ? (
        <Status tone="good" icon={good} word={t('setup.exists')} />
      ) : (
        <Status tone="info" icon={<InfoCircleFilled />} word={t('setup.willBeMade')} />
      )}
      <Status tone="good" icon={good} word={t('setup.writable')} />
      {check.free_bytes !== null && check.total_bytes !== null && (
        <Status
          tone="good"
          icon={good}
          word={t('setup.free', { free: formatBytes(check.free_bytes), total: formatBytes(check.total_bytes) })}
        />
      )}
    </div>
  )
}
