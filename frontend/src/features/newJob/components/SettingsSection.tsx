import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormField, FormSchema } from '@/shared/api/wire'
import { SEARCH_FIELD } from '@/shared/ui/hotkeys'
import { sectionsOf } from '../sections'
import type { DraftControl } from '../useDraft'
import { Field } from './Field'
import styles from './NewJob.module.css'
import { Setting } from './Setting'

interface Props {
  schema: FormSchema
  control: DraftControl
  errorOf: (field: string) => string | null
}

/** The project's own settings: what is changed most in sight, the rest folded, and all to be found by their words. */
export function SettingsSection({ schema, control, errorOf }: Props) {
  const { t } = useTranslation('newJob')
  const [search, setSearch] = useState('')
  const { draft, set, change } = control
  const { basic, rest } = sectionsOf(schema.fields, draft.values, search)
  const setting = (field: FormField) => (
    <Setting
      key={field.key}
      field={field}
      label={field.key}
      value={draft.values[field.key]}
      onChange={(value) => set(field.key, value)}
      error={errorOf(field.key)}
    />
  )
  return (
    <section className="px-card" aria-labelledby="settings">
      <div className="px-row" style={{ justifyContent: 'space-between', marginBottom: 8 }}>
        <h2 id="settings" style={{ margin: 0 }}>
          {t('section.settings')}
        </h2>
        <Input
          {...SEARCH_FIELD}
          allowClear
          style={{ width: 220 }}
          aria-label={t('findSetting')}
          placeholder={t('findSetting')}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      {schema.checked_on === 'worker' && <p className="px-muted">{t('checkedOnWorker')}</p>}
      <div className={styles.grid}>{basic.map(setting)}</div>
      {rest.map(([section, fields]) => (
        <details
          key={section}
          className={styles.section}
          open={search !== '' || fields.some((field) => errorOf(field.key))}
        >
          <summary>
            {section || t('general')} <small>{told(fields, draft.values, t('changed'))}</small>
          </summary>
          <div className={styles.grid}>{fields.map(setting)}</div>
        </details>
      ))}
      <details className={styles.section} open={draft.extra !== '' || errorOf('overrides') !== null}>
        <summary>{t('extra')}</summary>
        <Field label={t('extraLabel')} help={t('extraHelp')} error={errorOf('overrides')}>
          {(id, status) => (
            <Input.TextArea
              id={id}
              status={status}
              autoSize={{ minRows: 2, maxRows: 10 }}
              spellCheck={false}
              value={draft.extra}
              onChange={(event) => change({ extra: event.target.value })}
            />
          )}
        </Field>
      </details>
    </section>
  )
}

function told(fields: readonly FormField[], values: Record<string, unknown>, changed: string): string {
  const count = fields.filter((field) => field.key in values).length
  return count ? `${fields.length} · ${count} ${changed}` : String(fields.length)
}
