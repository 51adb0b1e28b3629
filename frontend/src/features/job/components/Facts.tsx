import { Link } from '@tanstack/react-router'
import { Descriptions, Tag } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobDetail, Resources } from '@/shared/api/wire'
import { formatBytes } from '@/shared/format/numbers'
import { ShortId } from '@/shared/ui/CopyButton'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { ParentRun } from './ParentRun'
import { RunsIn } from './RunsIn'

/** All that the job is made of, each part linked to where it lives. */
export function Facts({ job }: { job: JobDetail }) {
  const { t } = useTranslation(['job', 'common'])
  const rows: [string, ReactNode][] = [
    [t('fact.owner'), job.owner],
    [t('fact.created'), <TimeAgo key="" at={job.created_at} />],
    [t('fact.project'), `${job.project} · ${job.entry_point}`],
    [t('fact.snapshot'), <ShortId key="" id={job.snapshot} length={12} />],
    [t('fact.inputs'), <Inputs key="" inputs={job.inputs} />],
    [t('fact.overrides'), <Overrides key="" words={job.overrides} />],
    [t('fact.resources'), <Needs key="" needs={job.resources} />],
    [t('fact.nodes'), job.nodes?.join(', ') || '–'],
    [t('fact.environment'), <RunsIn key="" attempt={job.attempts.at(-1)} />],
    [t('fact.experiment'), <Experiment key="" name={job.experiment} />],
    ...(job.parent_job ? [[t('fact.parent'), <Parent key="" id={job.parent_job} />] as [string, ReactNode]] : []),
    ...(job.parent_run ? [[t('fact.part'), <ParentRun key="" id={job.parent_run} />] as [string, ReactNode]] : []),
    ...(job.register_as ? [[t('fact.model'), <Model key="" job={job} />] as [string, ReactNode]] : []),
    [t('fact.tags'), Object.entries(job.tags).map(([key, value]) => <Tag key={key}>{`${key}: ${value}`}</Tag>)],
    [t('fact.notes'), <Notes key="" text={job.notes} />],
  ]
  return (
    <Descriptions
      bordered
      size="small"
      column={{ xs: 1, lg: 2 }}
      title={t('summary.facts')}
      items={rows
        .filter(([, content]) => !(Array.isArray(content) && content.length === 0))
        .map(([label, children]) => ({ key: label, label, children }))}
    />
  )
}

function Notes({ text }: { text: string }) {
  return text ? <span style={{ whiteSpace: 'pre-wrap' }}>{text}</span> : '–'
}

function Inputs({ inputs }: { inputs: Record<string, string> }) {
  const entries = Object.entries(inputs)
  if (entries.length === 0) return '–'
  return entries.map(([parameter, reference]) => (
    <div key={parameter}>
      {parameter}: <InputLink reference={reference} />
    </div>
  ))
}

/** `gb1@2` is a dataset's version, `models:/gb1/1` a model's, `runs:/<job>/<path>` an artifact of another job. */
function InputLink({ reference }: { reference: string }) {
  const model = /^models:\/([^/]+)\/(.+)$/.exec(reference)
  if (model?.[1]) {
    return (
      <Link to="/models/$name" params={{ name: model[1] }}>
        {reference}
      </Link>
    )
  }
  const run = /^runs:\/([0-9a-f]{32})\//.exec(reference)
  if (run?.[1]) {
    return (
      <Link to="/jobs/$jobId" params={{ jobId: run[1] }}>
        {reference}
      </Link>
    )
  }
  const [name, version] = reference.split('@')
  return (
    <Link to="/data/$name" params={{ name: name ?? reference }} search={version ? { version: Number(version) } : {}}>
      {reference}
    </Link>
  )
}

function Overrides({ words }: { words: string[] }) {
  if (words.length === 0) return '–'
  return words.map((word) => (
    <code key={word} style={{ display: 'block', overflowWrap: 'anywhere' }}>
      {word}
    </code>
  ))
}

function Needs({ needs }: { needs: Resources }) {
  const { t } = useTranslation('job')
  const ofGpu = needs.gpu_memory ? `(${formatBytes(needs.gpu_memory)})` : ''
  const labels = Object.entries(needs.labels ?? {}).map(([key, value]) => `${key}=${value}`)
  const parts = [
    [t('need.gpus', { n: needs.gpus ?? 0 }), ofGpu].filter(Boolean).join(' '),
    t('need.cpus', { n: needs.cpus ?? 1 }),
    t('need.memory', { size: formatBytes(needs.memory ?? 0) }),
    ...((needs.nodes ?? 1) > 1 ? [t('need.nodes', { n: needs.nodes })] : []),
    ...labels,
  ]
  return parts.join(' · ')
}

function Experiment({ name }: { name: string }) {
  return (
    <Link to="/jobs" search={{ experiment: name }}>
      {name}
    </Link>
  )
}

function Parent({ id }: { id: string }) {
  return (
    <Link to="/jobs/$jobId" params={{ jobId: id }}>
      {id.slice(0, 8)}
    </Link>
  )
}

function Model({ job }: { job: JobDetail }) {
  const name = job.register_as ?? ''
  return (
    <Link to="/models/$name" params={{ name }}>
      {job.registered_version ? `${name}@${job.registered_version}` : name}
    </Link>
  )
}
