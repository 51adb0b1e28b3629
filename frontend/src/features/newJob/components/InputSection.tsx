import { useQuery } from '@tanstack/react-query'
import { Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormSchema } from '@/shared/api/wire'
import { useDebounced } from '@/shared/ui/useDebounced'
import { datasetsQuery, modelsQuery } from '../api/queries'
import type { DraftControl } from '../useDraft'
import { Field } from './Field'
import styles from './NewJob.module.css'

interface Props {
  schema: FormSchema
  control: DraftControl
  errorOf: (field: string) => string | null
}

/** Data and models that the entry point asks for, and its plain parameters. */
export function InputSection({ schema, control: { draft, change }, errorOf }: Props) {
  const { t } = useTranslation('newJob')
  if (schema.inputs.length === 0 && schema.parameters.length === 0) return null
  return (
    <section className="px-card" aria-labelledby="inputs">
      <h2 id="inputs">{t('section.inputs')}</h2>
      <div className={styles.grid}>
        {schema.inputs.map((input) => (
          <Field key={input.name} label={input.name} error={errorOf(`inputs.${input.name}`)} help={t('inputHelp')}>
            {(id, status) => (
              <InputPicker
                id={id}
                status={status}
                value={draft.inputs[input.name]}
                onChange={(reference) => change({ inputs: { ...draft.inputs, [input.name]: reference ?? '' } })}
              />
            )}
          </Field>
        ))}
        {schema.parameters.map((parameter) => (
          <Field key={parameter.name} label={parameter.name} error={errorOf(`parameters.${parameter.name}`)}>
            {(id, status) => (
              <Input
                id={id}
                status={status}
                placeholder={parameter.default ?? ''}
                value={draft.parameters[parameter.name] ?? ''}
                onChange={(event) =>
                  change({ parameters: withParameter(draft.parameters, parameter.name, event.target.value) })
                }
              />
            )}
          </Field>
        ))}
      </div>
    </section>
  )
}

function withParameter(before: Record<string, string>, name: string, value: string): Record<string, string> {
  const { [name]: _, ...others } = before
  return value ? { ...others, [name]: value } : others
}

interface PickerProps {
  id: string
  status: 'error' | ''
  value: string | undefined
  onChange: (reference: string | undefined) => void
}

/** A dataset's newest version or a model's; an older version stays as it was chosen elsewhere. */
function InputPicker({ id, status, value, onChange }: PickerProps) {
  const { t } = useTranslation('newJob')
  const [typed, setTyped] = useState('')
  const search = useDebounced(typed)
  const datasets = useQuery(datasetsQuery(search))
  const models = useQuery(modelsQuery)
  const ofData = (datasets.data?.items ?? []).flatMap(({ name, latest }) =>
    latest ? [`${name}@${latest.number}`] : [],
  )
  const ofModels = (models.data ?? []).flatMap(({ name, latest }) =>
    latest ? [`models:/${name}/${latest.version}`] : [],
  )
  const matching = ofModels.filter((reference) => reference.includes(search))
  const chosen = value && ![...ofData, ...matching].includes(value) ? [value] : []
  const options = [
    { label: t('datasets'), options: [...chosen, ...ofData].map((one) => ({ value: one, label: one })) },
    { label: t('models'), options: matching.map((one) => ({ value: one, label: one })) },
  ].filter((group) => group.options.length > 0)
  return (
    <Select
      id={id}
      status={status}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      placeholder={t('chooseInput')}
      notFoundContent={t('noInput')}
      value={value || null}
      options={options}
      onChange={onChange}
    />
  )
}
