import { Descriptions, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { NodeInfo, NodeView } from '@/shared/api/wire'
import { formatBytes } from '@/shared/format/numbers'
import type words from '@/shared/i18n/locales/en/common.json'
import { ShortId } from '@/shared/ui/CopyButton'
import { TimeAgo } from '@/shared/ui/TimeAgo'

type Kind = keyof typeof words.environment

/** What the machine says of itself. */
export function Machine({ node }: { node: NodeView }) {
  const { t } = useTranslation(['nodes', 'common'])
  const { info, sample } = node
  const labels = Object.entries(info.labels ?? {})
  const packages = Object.entries(info.packages ?? {})
  const rows = [
    [t('machine.id'), <ShortId key="" id={node.id} length={16} />],
    [t('machine.host'), info.hostname],
    [t('machine.cpus'), t('machine.free', { free: node.cpus_free, all: info.cpus })],
    [
      t('machine.memory'),
      t('machine.free', { free: formatBytes(node.memory_free_bytes), all: formatBytes(info.memory_bytes) }),
    ],
    [
      t('machine.disk'),
      sample
        ? t('machine.free', { free: formatBytes(sample.disk_free_bytes), all: formatBytes(sample.disk_total_bytes) })
        : '–',
    ],
    [
      t('machine.labels'),
      labels.length ? labels.map(([key, value]) => <Tag key={key}>{`${key}=${value}`}</Tag>) : t('machine.noLabels'),
    ],
    [t('machine.agent'), `${info.agent_version} · Python ${info.python} · ${info.platform}`],
    [t('machine.isolation'), info.isolation ?? '–'],
    [t('machine.environments'), <Environments key="" offered={info.environments} />],
    [t('machine.packages'), packages.map(([name, version]) => `${name} ${version}`).join(' · ') || '–'],
    [t('machine.joined'), <TimeAgo key="" at={node.joined_at} />],
  ] as const
  return (
    <Descriptions
      bordered
      size="small"
      column={{ xs: 1, lg: 2 }}
      title={t('machine.title')}
      items={rows.map(([label, children]) => ({ key: label, label, children }))}
    />
  )
}

/** What a job's code can run in here, each kind with the program that makes it. */
function Environments({ offered }: { offered: NodeInfo['environments'] }) {
  const { t } = useTranslation(['nodes', 'common'])
  if (!offered) return t('machine.environmentsUnknown')
  const word = (kind: string) => t(`common:environment.${kind as Kind}`, { defaultValue: kind })
  return Object.entries(offered)
    .map(([kind, program]) => `${word(kind)}: ${program}`)
    .join(' · ')
}
