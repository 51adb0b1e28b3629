import { useQuery } from '@tanstack/react-query'
import { Descriptions } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatBytes } from '@/shared/format/numbers'
import { workdirQuery } from '@/shared/session/workdir'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered } from '@/shared/ui/states'

export default function SettingsPage() {
  const { t } = useTranslation(['settings', 'common'])
  const workdir = useQuery(workdirQuery)
  return (
    <>
      <PageHeader title={t('title')} />
      <Answered query={workdir}>
        {(view) => (
          <Descriptions bordered size="small" column={1} title={t('workdir')}>
            <Descriptions.Item label={t('path')}>{view.path ?? t('common:state.none')}</Descriptions.Item>
            <Descriptions.Item label={t('free')}>
              {view.free_bytes === null ? t('common:state.unknown') : formatBytes(view.free_bytes)}
            </Descriptions.Item>
          </Descriptions>
        )}
      </Answered>
    </>
  )
}
