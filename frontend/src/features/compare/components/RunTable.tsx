import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ComparedRun } from '@/shared/api/wire'
import { SERIES } from '@/shared/theme/colors'
import { useMode } from '@/shared/theme/mode'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { JobStatus } from '@/shared/ui/Status'
import { Elapsed, TimeAgo } from '@/shared/ui/TimeAgo'
import styles from './Compare.module.css'

interface Props {
  jobs: ComparedRun[]
  names: string[]
  baseline: string
}

/** The runs themselves: which is the baseline, and what colour each has below. */
export function RunTable({ jobs, names, baseline }: Props) {
  const { t } = useTranslation('compare')
  const navigate = useNavigate({ from: '/compare' })
  const colors = SERIES[useMode()]
  const place = (job: ComparedRun) => jobs.indexOf(job)
  const columns: Column<ComparedRun>[] = [
    {
      key: 'name',
      title: t('column.name'),
      isName: true,
      render: (job) => (
        <>
          <span className={styles.swatch} style={{ background: colors[place(job) % colors.length] }} aria-hidden />
          <Link to="/jobs/$jobId" params={{ jobId: job.id }}>
            {names[place(job)]}
          </Link>
        </>
      ),
    },
    { key: 'state', title: t('column.state'), render: (job) => <JobStatus state={job.state} /> },
    {
      key: 'baseline',
      title: t('column.baseline'),
      render: (job) => (
        <Radio
          checked={job.id === baseline}
          aria-label={t('makeBaseline', { name: names[place(job)] })}
          onChange={() => void navigate({ search: (before) => ({ ...before, baseline: job.id }), replace: true })}
        />
      ),
    },
    { key: 'data', title: t('column.data'), render: (job) => Object.values(job.inputs).join(', ') || '–' },
    { key: 'created', title: t('column.created'), render: (job) => <TimeAgo at={job.created_at} /> },
    {
      key: 'took',
      title: t('column.took'),
      align: 'right',
      render: (job) => <Elapsed from={job.started_at} to={job.ended_at} />,
    },
    {
      key: 'remove',
      title: t('column.remove'),
      render: (job) => (
        <Button
          size="small"
          type="text"
          aria-label={t('remove', { name: names[place(job)] })}
          onClick={() =>
            void navigate({
              search: (before) => ({ ...before, jobs: before.jobs?.filter((id) => id !== job.id) }),
              replace: true,
            })
          }
        >
          ×
        </Button>
      ),
    },
  ]
  return (
    <DataTable<ComparedRun>
      label={t('runs')}
      columns={columns}
      rows={jobs}
      rowKey={(job) => job.id}
      rowName={(job) => names[place(job)] ?? job.name}
    />
  )
}
