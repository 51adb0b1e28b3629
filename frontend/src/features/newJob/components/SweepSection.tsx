import { PlusOutlined } from '@ant-design/icons'
import { Button, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FormSchema } from '@/shared/api/wire'
import { choicesFor, EMPTY_ROW, type SpaceRow, type SweepDraft, sweepable } from '../sweep'
import type { DraftControl } from '../useDraft'
import { Field } from './Field'
import styles from './NewJob.module.css'
import { SpaceRowFields } from './SpaceRowFields'

const CHOICES = {
  direction: ['minimize', 'maximize'],
  sampler: ['tpe', 'random', 'grid'],
  pruner: ['none', 'median', 'asha'],
} as const

interface Props {
  schema: FormSchema | undefined
  control: DraftControl
  errorOf: (field: string) => string | null
}

/** Which settings take which values, what counts, and how the points are chosen. */
export function SweepSection({ schema, control, errorOf }: Props) {
  const { t } = useTranslation('newJob')
  const { sweep } = control.draft
  const change = (part: Partial<SweepDraft>) => control.change({ sweep: { ...sweep, ...part } })
  const setRow = (at: number, part: Partial<SpaceRow>) =>
    change({ rows: sweep.rows.map((row, index) => (index === at ? { ...row, ...part } : row)) })
  const words = {
    direction: (value: string) => t(`sweep.${value as 'minimize'}`),
    sampler: (value: string) => t(`sweep.samplers.${value as 'tpe'}`),
    pruner: (value: string) => t(`sweep.pruners.${value as 'none'}`),
  }
  return (
    <section className="px-card px-stack" aria-labelledby="sweep">
      <h2 id="sweep" style={{ margin: 0 }}>
        {t('sweep.section')}
      </h2>
      <p className="px-muted" style={{ margin: 0 }}>
        {t('sweep.help')}
      </p>
      {sweep.rows.map((row, at) => (
        <SpaceRowFields
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity while their key is being typed
          key={at}
          row={row}
          keys={sweepable(schema)}
          choices={choicesFor(schema, row.key)}
          error={row.key ? errorOf(`space.${row.key}`) : null}
          onChange={(part) => setRow(at, part)}
          onRemove={() => change({ rows: sweep.rows.filter((_, index) => index !== at) })}
        />
      ))}
      <div>
        <Button icon={<PlusOutlined />} onClick={() => change({ rows: [...sweep.rows, EMPTY_ROW] })}>
          {t('sweep.addKey')}
        </Button>
      </div>
      <div className={styles.grid}>
        <Field label={t('sweep.metric')} help={t('sweep.metricHelp')} error={errorOf('metric')}>
          {(id, status) => (
            <Input
              id={id}
              status={status}
              spellCheck={false}
              value={sweep.metric}
              onChange={(event) => change({ metric: event.target.value })}
            />
          )}
        </Field>
        {(['direction', 'sampler', 'pruner'] as const).map((key) => (
          <Field key={key} label={t(`sweep.${key}`)}>
            {(id) => (
              <Select
                id={id}
                value={sweep[key] as string}
                options={CHOICES[key].map((value) => ({ value, label: words[key](value) }))}
                onChange={(value) => change({ [key]: value })}
              />
            )}
          </Field>
        ))}
        <Field label={t('sweep.parallelism')}>
          {(id) => (
            <InputNumber
              id={id}
              style={{ width: '100%' }}
              min={1}
              max={200}
              precision={0}
              value={sweep.parallelism}
              onChange={(value) => change({ parallelism: value ?? 1 })}
            />
          )}
        </Field>
        <Field label={t('sweep.maxTrials')} help={t('sweep.maxTrialsHelp')}>
          {(id) => (
            <InputNumber
              id={id}
              style={{ width: '100%' }}
              min={1}
              max={1000}
              precision={0}
              value={sweep.maxTrials}
              onChange={(value) => change({ maxTrials: value })}
            />
          )}
        </Field>
        <Field label={t('sweep.finalists')} help={t('sweep.finalistsHelp')} error={errorOf('finalists')}>
          {(id) => (
            <InputNumber
              id={id}
              style={{ width: '100%' }}
              min={0}
              max={20}
              precision={0}
              value={sweep.finalists}
              onChange={(value) => change({ finalists: value ?? 0 })}
            />
          )}
        </Field>
        <Field label={t('sweep.seeds')} help={t('sweep.seedsHelp')} error={errorOf('seeds')}>
          {(id, status) => (
            <Input
              id={id}
              status={status}
              value={sweep.seeds}
              onChange={(event) => change({ seeds: event.target.value })}
            />
          )}
        </Field>
      </div>
    </section>
  )
}
