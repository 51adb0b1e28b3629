import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Descriptions } from 'antd'
import { useTranslation } from 'react-i18next'
import { getDataset } from '@/shared/api/wire'
import { formatBytes } from '@/shared/format/numbers'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'

export default function DatasetPage() {
  const { t } = useTranslation(['data', 'common'])
  const { name } = useParams({ from: '/inside/data/$name' })
  const dataset = useQuery({ queryKey: ['datasets', name], queryFn: ({ signal }) => getDataset(name, { signal }) })
  return (
    <>
      <PageHeader title={name} crumbs={<Link to="/data">{t('title')}</Link>} />
      <Answered query={dataset}>
        {(view) => (
          <Descriptions bordered size="small" column={1}>
            <Descriptions.Item label={t('column.owner')}>{view.owner}</Descriptions.Item>
            <Descriptions.Item label={t('column.versions')}>{view.versions}</Descriptions.Item>
            <Descriptions.Item label={t('column.size')}>{formatBytes(view.latest?.size ?? 0)}</Descriptions.Item>
            <Descriptions.Item label={t('column.created')}>
              <TimeAgo at={view.created_at} />
            </Descriptions.Item>
          </Descriptions>
        )}
      </Answered>
    </>
  )
}
