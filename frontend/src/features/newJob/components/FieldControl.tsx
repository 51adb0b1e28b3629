import { Input, InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FormField } from '@/shared/api/wire'
import { shownDefault } from '../hydra'

interface Props {
  id: string
  field: FormField
  /** undefined: as the config has it. */
  value: unknown
  onChange: (value: unknown) => void
  status: 'error' | ''
}

/** The control that fits a setting's kind; empty means the default, which stands in the field as its placeholder. */
export function FieldControl({ id, field, value, onChange, status }: Props) {
  const { t } = useTranslation('newJob')
  const normal = shownDefault(field)
  const described = { id, status, 'aria-describedby': `${id}-help` } as const
  switch (field.kind) {
    case 'choice':
      return (
        <Select
          {...described}
          allowClear={value !== undefined}
          showSearch
          style={{ width: '100%' }}
          value={(value === undefined ? field.default : value) as string | null}
          placeholder={t('none')}
          options={(field.choices ?? []).map((choice) => ({ value: choice, label: choice }))}
          onChange={(next: string | undefined) => onChange(next)}
        />
      )
    case 'boolean':
      return (
        <Switch
          id={id}
          aria-describedby={`${id}-help`}
          checked={(value ?? field.default) === true}
          onChange={(next) => onChange(next === field.default ? undefined : next)}
        />
      )
    case 'integer':
    case 'number':
      return (
        <InputNumber
          {...described}
          style={{ width: '100%' }}
          precision={field.kind === 'integer' ? 0 : undefined}
          placeholder={normal}
          value={value as number | null | undefined}
          onChange={(next) => onChange(next === null ? undefined : next)}
        />
      )
    default:
      return (
        <Input
          {...described}
          allowClear
          spellCheck={false}
          placeholder={normal || t('empty')}
          value={(value as string | null | undefined) ?? ''}
          onChange={(event) => onChange(event.target.value || undefined)}
        />
      )
  }
}
