import { UndoOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormField } from '@/shared/api/wire'
import { shownDefault } from '../hydra'
import { FieldControl } from './FieldControl'
import styles from './NewJob.module.css'

interface Props {
  field: FormField
  label: string
  value: unknown
  onChange: (value: unknown) => void
  error: string | null
}

/** One setting: its name, what it is for, its control, what the master says against it. */
export function Setting({ field, label, value, onChange, error }: Props) {
  const { t } = useTranslation('newJob')
  const id = useId()
  const isChanged = value !== undefined
  return (
    <div className={styles.setting} data-changed={isChanged || undefined}>
      <div className={styles.label}>
        <label htmlFor={id}>
          {label}
          {field.required && <span aria-hidden> *</span>}
        </label>
        {isChanged && (
          <Button
            type="text"
            size="small"
            icon={<UndoOutlined />}
            aria-label={t('backToDefault', { name: label, value: shownDefault(field) || t('empty') })}
            title={t('backToDefault', { name: label, value: shownDefault(field) || t('empty') })}
            onClick={() => onChange(undefined)}
          />
        )}
      </div>
      <FieldControl id={id} field={field} value={value} onChange={onChange} status={error ? 'error' : ''} />
      <div id={`${id}-help`} className={styles.help}>
        {error && <div role="alert">{error}</div>}
        {field.help}
      </div>
    </div>
  )
}
