import { DeleteOutlined } from '@ant-design/icons'
import { AutoComplete, Button, Checkbox, Input, InputNumber, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { type SpaceRow, words } from '../sweep'
import { Field } from './Field'
import styles from './NewJob.module.css'

const KINDS = ['list', 'range'] as const

interface Props {
  row: SpaceRow
  keys: string[]
  choices: string[]
  error: string | null
  onChange: (part: Partial<SpaceRow>) => void
  onRemove: () => void
}

/** One setting of the space: its key, and its values or its range. */
export function SpaceRowFields({ row, keys, choices, error, onChange, onRemove }: Props) {
  const { t } = useTranslation('newJob')
  return (
    <div className={styles.grid} style={{ alignItems: 'end' }}>
      <Field label={t('sweep.key')} error={error}>
        {(id, status) => (
          <AutoComplete
            id={id}
            status={status}
            value={row.key}
            showSearch={{ filterOption: (typed, option) => option?.value.includes(typed) ?? false }}
            options={keys.map((value) => ({ value }))}
            onChange={(key) => onChange({ key })}
          />
        )}
      </Field>
      <div className="px-row">
        <Segmented
          aria-label={t('sweep.kind')}
          value={row.kind}
          options={KINDS.map((value) => ({ value, label: t(`sweep.${value}`) }))}
          onChange={(kind) => onChange({ kind })}
        />
        <Button
          icon={<DeleteOutlined />}
          aria-label={t('sweep.removeKey', { name: row.key || t('sweep.key') })}
          onClick={onRemove}
        />
      </div>
      {row.kind === 'list' ? (
        <Values row={row} choices={choices} onChange={onChange} />
      ) : (
        <Range row={row} onChange={onChange} />
      )}
    </div>
  )
}

function Values({ row, choices, onChange }: Pick<Props, 'row' | 'choices' | 'onChange'>) {
  const { t } = useTranslation('newJob')
  return (
    <Field label={choices.length > 0 ? t('sweep.list') : t('sweep.values')} isWide>
      {(id) =>
        choices.length > 0 ? (
          <Select
            id={id}
            mode="multiple"
            value={words(row.values)}
            options={choices.map((value) => ({ value, label: value }))}
            onChange={(values) => onChange({ values: values.join(', ') })}
          />
        ) : (
          <Input
            id={id}
            spellCheck={false}
            value={row.values}
            onChange={(event) => onChange({ values: event.target.value })}
          />
        )
      }
    </Field>
  )
}

function Range({ row, onChange }: Pick<Props, 'row' | 'onChange'>) {
  const { t } = useTranslation('newJob')
  return (
    <>
      {(['low', 'high', 'step'] as const).map((part) => (
        <Field key={part} label={t(`sweep.${part}`)}>
          {(id) => (
            <InputNumber
              id={id}
              style={{ width: '100%' }}
              disabled={part === 'step' && row.isLog}
              value={row[part]}
              onChange={(value) => onChange({ [part]: value })}
            />
          )}
        </Field>
      ))}
      <Checkbox
        checked={row.isLog}
        onChange={(event) => onChange({ isLog: event.target.checked, ...(event.target.checked && { step: null }) })}
      >
        {t('sweep.log')}
      </Checkbox>
    </>
  )
}
