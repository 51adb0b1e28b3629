import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import type { RecordView } from '@/shared/api/wire'
import { formatCount } from '@/shared/format/numbers'
import { CopyButton } from '@/shared/ui/CopyButton'
import { ResidueLegend, Residues } from '../components/Residues'
import styles from './Records.module.css'
import { asFasta, inRows } from './sequenceText'

/** One record, whole, with the position of each row's first residue. */
export function RecordDialog({ record, onClose }: { record: RecordView; onClose: () => void }) {
  const { t } = useTranslation('data')
  return (
    <Modal open width={760} title={record.id} footer={null} onCancel={onClose}>
      <div className="px-stack" style={{ gap: 8 }}>
        <div className="px-row">
          <span className="px-muted">
            {t('records.whole', { length: formatCount(record.length), line: formatCount(record.line) })}
          </span>
          <CopyButton text={asFasta(record)} label={t('records.copyFasta')} />
        </div>
        {record.target !== null && (
          <div style={{ overflowWrap: 'anywhere' }}>
            {t('records.target')}: <code>{record.target}</code>
          </div>
        )}
        {record.set !== null && (
          <div>
            {t('records.set')}: {record.set}
          </div>
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must reach that */}
        <section className={styles.whole} tabIndex={0} aria-label={t('records.sequence')}>
          {inRows(record.sequence).map(([start, text]) => (
            <div key={start} className={styles.row}>
              <span className={styles.number} aria-hidden>
                {start}
              </span>
              <Residues sequence={text} />
            </div>
          ))}
        </section>
        <ResidueLegend />
      </div>
    </Modal>
  )
}
