import { DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { isEnded } from '@/shared/api/jobStates'
import { type ArtifactView, getDownloadArtifactUrl, type JobDetail } from '@/shared/api/wire'
import { formatBytes } from '@/shared/format/numbers'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { Answered, EmptyState } from '@/shared/ui/states'
import { artifactsQuery } from '../api/jobQueries'
import styles from './ArtifactsTab.module.css'
import { artifactUrl } from './artifactUrl'
import { Preview } from './Preview'

const LIVE_MS = 10_000

/** What the job left: the list, and the file one points at shown beside it. */
export default function ArtifactsTab({ job }: { job: JobDetail }) {
  const { t } = useTranslation(['job', 'common'])
  const { file } = useSearch({ from: '/inside/jobs/$jobId' })
  const navigate = useNavigate({ from: '/jobs/$jobId' })
  const artifacts = useQuery({ ...artifactsQuery(job.id), refetchInterval: isEnded(job.state) ? false : LIVE_MS })
  const show = (path: string) => void navigate({ search: (before) => ({ ...before, file: path }), replace: true })
  const columns: Column<ArtifactView>[] = [
    {
      key: 'path',
      title: t('artifacts.file'),
      isName: true,
      render: (artifact) => (
        <Button type="link" size="small" className={styles.file} onClick={() => show(artifact.path)}>
          {artifact.path}
        </Button>
      ),
    },
    { key: 'size', title: t('artifacts.size'), align: 'right', render: (artifact) => formatBytes(artifact.size) },
    {
      key: 'get',
      title: t('common:action.download'),
      width: '60px',
      render: (artifact) => (
        <a
          href={artifactUrl(getDownloadArtifactUrl, job.id, artifact.path)}
          download
          aria-label={t('artifacts.download', { name: artifact.path })}
        >
          <DownloadOutlined />
        </a>
      ),
    },
  ]
  return (
    <Answered query={artifacts}>
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState text={isEnded(job.state) ? t('artifacts.none') : t('artifacts.soon')} />
        ) : (
          <div className={styles.split}>
            <DataTable
              label={t('tab.artifacts')}
              columns={columns}
              rows={[...rows].sort(byImportance)}
              rowKey={(artifact) => artifact.path}
              rowName={(artifact) => artifact.path}
            />
            <Preview jobId={job.id} artifact={rows.find((artifact) => artifact.path === file)} />
          </div>
        )
      }
    </Answered>
  )
}

/** Results before what Hydra keeps for itself. */
function byImportance(a: ArtifactView, b: ArtifactView): number {
  const hidden = (artifact: ArtifactView) => Number(artifact.path.startsWith('.'))
  return hidden(a) - hidden(b) || a.path.localeCompare(b.path)
}
