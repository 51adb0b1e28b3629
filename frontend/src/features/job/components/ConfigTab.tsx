import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { stringify } from 'yaml'
import { jobQuery } from '@/shared/api/jobs'
import { type JobDetail, listJobs } from '@/shared/api/wire'
import { type Difference, differences } from '@/shared/config/differences'
import { CodeBlock } from '@/shared/ui/CopyButton'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { Answered, EmptyState } from '@/shared/ui/states'
import { useDebounced } from '@/shared/ui/useDebounced'

/** The config as it was composed, and what another job had otherwise. */
export default function ConfigTab({ job }: { job: JobDetail }) {
  const { t } = useTranslation('job')
  const { against } = useSearch({ from: '/inside/jobs/$jobId' })
  return (
    <div className="px-stack">
      <section aria-labelledby="difference">
        <h2 id="difference">{t('config.difference')}</h2>
        <div className="px-stack">
          <JobPicker job={job} chosen={against} />
          {against && <DifferenceTo ours={job} theirs={against} />}
        </div>
      </section>
      <section aria-labelledby="config">
        <h2 id="config">{t('config.whole')}</h2>
        {job.config ? (
          <CodeBlock label={t('config.whole')} text={stringify(job.config)} />
        ) : (
          <EmptyState text={t('config.none')} />
        )}
      </section>
    </div>
  )
}

function JobPicker({ job, chosen }: { job: JobDetail; chosen: string | undefined }) {
  const { t } = useTranslation('job')
  const navigate = useNavigate({ from: '/jobs/$jobId' })
  const [typed, setTyped] = useState('')
  const search = useDebounced(typed)
  const found = useQuery({
    queryKey: ['jobs', 'pick', job.project, search],
    queryFn: ({ signal }) => listJobs({ project: job.project, search: search || undefined, limit: 30 }, { signal }),
  })
  const parent = job.parent_job
    ? [{ value: job.parent_job, label: t('config.parent', { id: job.parent_job.slice(0, 8) }) }]
    : []
  const others = (found.data?.items ?? [])
    .filter((other) => other.id !== job.id && other.id !== job.parent_job)
    .map((other) => ({ value: other.id, label: `${other.name} (${other.id.slice(0, 8)})` }))
  return (
    <Select
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear
      style={{ width: 'min(100%, 420px)' }}
      placeholder={t('config.against')}
      aria-label={t('config.against')}
      value={chosen ?? null}
      options={[...parent, ...others]}
      onChange={(value: string | undefined) =>
        void navigate({ search: (before) => ({ ...before, against: value }), replace: true })
      }
    />
  )
}

function DifferenceTo({ ours, theirs }: { ours: JobDetail; theirs: string }) {
  const { t } = useTranslation('job')
  const other = useQuery(jobQuery(theirs))
  return (
    <Answered query={other}>
      {(detail) => {
        const rows = differences(about(ours), about(detail))
        if (rows.length === 0) return <EmptyState text={t('config.same')} />
        const columns: Column<Difference>[] = [
          { key: 'key', title: t('config.key'), isName: true, render: (row) => <code>{row.key}</code> },
          { key: 'ours', title: ours.name, render: (row) => <Value text={row.ours} /> },
          {
            key: 'theirs',
            title: `${detail.name} (${detail.id.slice(0, 8)})`,
            render: (row) => <Value text={row.theirs} />,
          },
        ]
        return (
          <DataTable
            label={t('config.difference')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.key}
            rowName={(row) => row.key}
          />
        )
      }}
    </Answered>
  )
}

/** All that can make two jobs come out differently. */
function about(job: JobDetail): unknown {
  const { config, inputs, snapshot, parameters, resources } = job
  return { config, inputs, snapshot, parameters, resources }
}

function Value({ text }: { text: string | null }) {
  return text === null ? <span className="px-muted">–</span> : <code style={{ overflowWrap: 'anywhere' }}>{text}</code>
}
