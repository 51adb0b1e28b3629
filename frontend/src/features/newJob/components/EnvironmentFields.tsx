import { Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { JobCreateEnvironment as EnvironmentKind, type FormSchema, type NodeView } from '@/shared/api/wire'
import type { Draft } from '../draft'
import type { DraftControl } from '../useDraft'
import { Field } from './Field'

const KINDS = Object.values(EnvironmentKind)

interface Props {
  schema: FormSchema | undefined
  nodes: NodeView[]
  control: DraftControl
  errorOf: (field: string) => string | null
}

/** Where the code runs, with what the project and the machines have to say to it, and how it is started. */
export function EnvironmentFields({ schema, nodes, control: { draft, change }, errorOf }: Props) {
  const { t } = useTranslation(['newJob', 'common'])
  const declared = schema?.environments ?? {}
  return (
    <>
      <Field label={t('environment')} help={useHelp(draft.environment, nodes)} error={errorOf('environment')}>
        {(id, status) => (
          <Select<EnvironmentKind>
            id={id}
            status={status}
            value={draft.environment}
            options={KINDS.map((kind) => ({
              value: kind,
              label: [t(`common:environment.${kind}`), declared[kind]].filter(Boolean).join(' · '),
            }))}
            onChange={(environment) => change({ environment })}
          />
        )}
      </Field>
      <Field label={t('warmStart')} help={t('warmStartHelp')}>
        {(id) => (
          <Switch
            id={id}
            style={{ justifySelf: 'start' }}
            checked={draft.warmStart}
            onChange={(warmStart) => change({ warmStart })}
          />
        )}
      </Field>
    </>
  )
}

function useHelp(kind: EnvironmentKind, nodes: NodeView[]): string {
  const { t } = useTranslation('newJob')
  const able = nodes.filter((node) => offers(node, kind)).map((node) => node.name)
  const about = t(`environmentHelp.${kind}`)
  if (kind === EnvironmentKind.auto || kind === EnvironmentKind.own) return about
  return `${about} ${able.length ? t('environmentOn', { nodes: able.join(', ') }) : t('environmentNowhere')}`
}

/** Of an agent that is too old to say, nobody knows: the master lets the job try. */
export function offers(node: NodeView, kind: Draft['environment']): boolean {
  if (kind === EnvironmentKind.auto || !node.info.environments) return true
  return node.info.environments[kind] !== undefined
}
