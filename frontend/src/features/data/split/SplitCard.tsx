import { Descriptions } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatCount, formatPercent } from '@/shared/format/numbers'
import { CopyButton } from '@/shared/ui/CopyButton'
import type { SplitFacts } from './splitFacts'

export function SplitCard({ facts: { split, clusters } }: { facts: SplitFacts }) {
  const { t } = useTranslation('data')
  return (
    <Descriptions bordered size="small" column={1}>
      {split && (
        <Descriptions.Item label={t('split.method')}>
          {split.method} <code>{split.split_id}</code> <CopyButton text={split.split_id} />
        </Descriptions.Item>
      )}
      {split?.seed !== undefined && <Descriptions.Item label={t('split.seed')}>{split.seed}</Descriptions.Item>}
      {clusters && (
        <Descriptions.Item label={t('split.clusters')}>
          {t('split.clusterText', {
            count: formatCount(clusters.count),
            identity: formatPercent(clusters.identity),
            largest: formatCount(clusters.largest[0] ?? 0),
            single: formatCount(clusters.single),
          })}
        </Descriptions.Item>
      )}
    </Descriptions>
  )
}
