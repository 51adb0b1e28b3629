import { Link } from '@tanstack/react-router'
import { Descriptions } from 'antd'
import { useTranslation } from 'react-i18next'
import type { JobDetail, ModelVersionView } from '@/shared/api/wire'
import { CopyButton, ShortId } from '@/shared/ui/CopyButton'
import { ReferenceLink } from '@/shared/ui/ReferenceLink'

/** Where the version comes from: each part is pinned, so that it can be made again. */
export function Facts({ job, version }: { job: JobDetail; version: ModelVersionView }) {
  const { t } = useTranslation('models')
  return (
    <Descriptions bordered size="small" column={{ xs: 1, sm: 1, md: 2 }} title={<h2>{t('card.facts')}</h2>}>
      <Descriptions.Item label={t('card.job')}>
        <Link to="/jobs/$jobId" params={{ jobId: job.id }}>
          {job.name}
        </Link>
      </Descriptions.Item>
      <Descriptions.Item label={t('card.data')}>
        {Object.values(job.inputs).map((reference) => (
          <div key={reference}>
            <ReferenceLink reference={reference} />
          </div>
        ))}
      </Descriptions.Item>
      <Descriptions.Item label={t('card.project')}>
        {job.project} · {job.entry_point}
      </Descriptions.Item>
      <Descriptions.Item label={t('card.snapshot')}>
        <ShortId id={job.snapshot} length={12} />
      </Descriptions.Item>
      {job.overrides.length > 0 && (
        <Descriptions.Item label={t('card.settings')}>
          <code style={{ overflowWrap: 'anywhere' }}>{job.overrides.join(' ')}</code>
        </Descriptions.Item>
      )}
      <Descriptions.Item label={t('card.uri')}>
        <code>{version.uri}</code> <CopyButton text={version.uri} />
      </Descriptions.Item>
    </Descriptions>
  )
}
