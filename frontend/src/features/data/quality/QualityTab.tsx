import { Descriptions } from 'antd'
import { useTranslation } from 'react-i18next'
import type { VersionView } from '@/shared/api/wire'
import { formatBytes, formatCount } from '@/shared/format/numbers'
import { ShortId } from '@/shared/ui/CopyButton'
import { EmptyState } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { lineageOf, type Report, reportOf } from '../report'
import { kindWord } from '../words'
import { CleanedCard } from './CleanedCard'
import { Findings } from './Findings'
import { LabelCard } from './LabelCard'
import { LengthCard } from './LengthCard'
import { MutationCard } from './MutationCard'
import styles from './Quality.module.css'
import { ResidueCard } from './ResidueCard'
import { SetCard } from './SetCard'

/** What the data library found when the version was made. */
export default function QualityTab({ version }: { version: VersionView }) {
  const { t } = useTranslation('data')
  const report = reportOf(version)
  return (
    <div className="px-stack">
      <Facts version={version} report={report} />
      {report ? (
        <>
          {report.cleaned && <CleanedCard cleaned={report.cleaned} />}
          {report.kind !== 'file' && <Findings findings={report.findings ?? []} />}
          <div className={styles.cards}>
            {report.lengths && <LengthCard lengths={report.lengths} />}
            {report.variants && <MutationCard mutations={report.variants.mutations} />}
            {report.labels && <LabelCard labels={report.labels} />}
            {report.sets && Object.keys(report.sets).length > 0 && <SetCard sets={report.sets} />}
            {report.residues && Object.keys(report.residues).length > 0 && <ResidueCard residues={report.residues} />}
          </div>
        </>
      ) : (
        <EmptyState text={t('quality.noReport')} />
      )}
    </div>
  )
}

function Facts({ version, report }: { version: VersionView; report: Report | null }) {
  const { t } = useTranslation('data')
  const { lengths, labels, variants } = report ?? {}
  const columns = Object.entries(version.columns).filter(([, name]) => name)
  const positions = variants && { first: variants.first_position ?? '–', last: variants.last_position ?? '–' }
  return (
    <Descriptions bordered size="small" column={{ xs: 1, sm: 1, md: 2, xl: 3 }}>
      <Descriptions.Item label={t('fact.kind')}>{kindWord(version.kind, t)}</Descriptions.Item>
      {version.rows !== null && (
        <Descriptions.Item label={t('fact.records')}>{formatCount(version.rows)}</Descriptions.Item>
      )}
      {lengths && (
        <Descriptions.Item label={t('fact.length')}>
          {t('fact.lengths', {
            min: formatCount(lengths.min),
            max: formatCount(lengths.max),
            median: formatCount(lengths.median),
          })}
        </Descriptions.Item>
      )}
      {positions && (
        <Descriptions.Item label={t('fact.positions')}>{t('fact.positionRange', positions)}</Descriptions.Item>
      )}
      {labels && (
        <Descriptions.Item label={t('fact.labels')}>
          {t('fact.labelled', {
            present: formatCount(labels.present),
            total: formatCount(labels.present + labels.missing),
          })}
        </Descriptions.Item>
      )}
      <Descriptions.Item label={t('fact.size')}>{formatBytes(version.size)}</Descriptions.Item>
      {columns.length > 0 && (
        <Descriptions.Item label={t('fact.columns')}>
          {columns.map(([role, name]) => `${t(`columns.${role as 'sequence'}`)}: ${name}`).join(' · ')}
        </Descriptions.Item>
      )}
      <Descriptions.Item label={t('fact.checksum')}>
        <ShortId id={version.sha256} length={12} />
      </Descriptions.Item>
      <Descriptions.Item
        label={t(lineageOf(version).job ? 'fact.made' : 'fact.uploaded', { name: version.created_by })}
      >
        <TimeAgo at={version.created_at} />
      </Descriptions.Item>
    </Descriptions>
  )
}
