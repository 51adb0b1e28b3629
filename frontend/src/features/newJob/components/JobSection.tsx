import { Input, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DraftControl } from '../useDraft'
import { Field } from './Field'
import styles from './NewJob.module.css'

interface Props {
  control: DraftControl
  errorOf: (field: string) => string | null
}

/** What people call it, and how long and how often it may try. */
export function JobSection({ control: { draft, change }, errorOf }: Props) {
  const { t } = useTranslation('newJob')
  return (
    <section className="px-card" aria-labelledby="job">
      <h2 id="job">{t('section.job')}</h2>
      <div className={styles.grid}>
        <Field label={t('name')} help={t('nameHelp')} error={errorOf('name')}>
          {(id, status) => (
            <Input
              id={id}
              status={status}
              value={draft.name}
              maxLength={200}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('experiment')} help={t('experimentHelp')} error={errorOf('experiment')}>
          {(id, status) => (
            <Input
              id={id}
              status={status}
              value={draft.experiment}
              maxLength={200}
              onChange={(event) => change({ experiment: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('registerAs')} help={t('registerHelp')} error={errorOf('register_as')}>
          {(id, status) => (
            <Input
              id={id}
              status={status}
              value={draft.registerAs}
              onChange={(event) => change({ registerAs: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('priority')} help={t('priorityHelp')}>
          {(id) => (
            <InputNumber
              id={id}
              style={{ width: '100%' }}
              min={-100}
              max={100}
              precision={0}
              value={draft.priority}
              onChange={(value) => change({ priority: value ?? 0 })}
            />
          )}
        </Field>
        <Field label={t('timeLimit')} help={t('timeLimitHelp')}>
          {(id) => (
            <InputNumber
              id={id}
              style={{ width: '100%' }}
              min={0.01}
              value={draft.timeLimitHours}
              onChange={(value) => change({ timeLimitHours: value })}
            />
          )}
        </Field>
        <Field label={t('maxAttempts')} help={t('maxAttemptsHelp')}>
          {(id) => (
            <InputNumber
              id={id}
              style={{ width: '100%' }}
              min={1}
              max={100}
              precision={0}
              value={draft.maxAttempts}
              onChange={(value) => change({ maxAttempts: value ?? 5 })}
            />
          )}
        </Field>
        <Field label={t('notes')} isWide>
          {(id) => (
            <Input.TextArea
              id={id}
              autoSize={{ minRows: 2, maxRows: 8 }}
              value={draft.notes}
              onChange={(event) => change({ notes: event.target.value })}
            />
          )}
        </Field>
      </div>
    </section>
  )
}
