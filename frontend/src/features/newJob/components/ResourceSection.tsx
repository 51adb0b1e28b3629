import { InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNodes } from '@/shared/api/nodes'
import { type FormSchema, NodeHealth, type NodeView } from '@/shared/api/wire'
import type { Draft } from '../draft'
import type { DraftControl } from '../useDraft'
import { EnvironmentFields, offers } from './EnvironmentFields'
import { Field } from './Field'
import styles from './NewJob.module.css'

const GIB = 1024 ** 3
type Amount = 'gpus' | 'gpuMemoryGib' | 'cpus' | 'memoryGib' | 'nodes'
const AMOUNTS: { key: Amount; least: number; whole: boolean }[] = [
  { key: 'gpus', least: 0, whole: true },
  { key: 'gpuMemoryGib', least: 0, whole: false },
  { key: 'cpus', least: 0.1, whole: false },
  { key: 'memoryGib', least: 0, whole: false },
  { key: 'nodes', least: 1, whole: true },
]

interface Props {
  schema: FormSchema | undefined
  control: DraftControl
  errorOf: (field: string) => string | null
}

/** What the job needs, and whether a machine has that much free at this moment. */
export function ResourceSection({ schema, control, errorOf }: Props) {
  const { draft, change } = control
  const { t } = useTranslation('newJob')
  const nodes = useNodes()
  const online = nodes.data?.filter((node) => node.health === NodeHealth.online && node.state === 'active') ?? []
  const fitting = online.filter((node) => fits(node, draft)).map((node) => node.name)
  return (
    <section className="px-card" aria-labelledby="resources">
      <h2 id="resources">{t('section.resources')}</h2>
      <div className={styles.grid}>
        {AMOUNTS.map(({ key, least, whole }) => (
          <Field key={key} label={t(`need.${key}`)}>
            {(id) => (
              <InputNumber
                id={id}
                style={{ width: '100%' }}
                min={least}
                precision={whole ? 0 : undefined}
                value={draft[key]}
                onChange={(value) => change({ [key]: value ?? least })}
              />
            )}
          </Field>
        ))}
      </div>
      <div className={styles.grid} style={{ marginTop: 12 }}>
        <EnvironmentFields schema={schema} nodes={online} control={control} errorOf={errorOf} />
      </div>
      {errorOf('resources') && <p role="alert">{errorOf('resources')}</p>}
      <p className="px-muted" aria-live="polite" style={{ margin: '8px 0 0' }}>
        {fitting.length >= draft.nodes
          ? t('fitsNow', { nodes: fitting.join(', ') })
          : t('willWait', { n: online.length })}
      </p>
    </section>
  )
}

function fits(node: NodeView, draft: Draft): boolean {
  const hasRoom = node.gpus_free >= draft.gpus && node.cpus_free >= draft.cpus
  return hasRoom && node.memory_free_bytes >= draft.memoryGib * GIB && offers(node, draft.environment)
}
