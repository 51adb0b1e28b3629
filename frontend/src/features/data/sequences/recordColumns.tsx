import { Button } from 'antd'
import type { TFunction } from 'i18next'
import type { RecordPageKind, RecordView } from '@/shared/api/wire'
import { formatCount } from '@/shared/format/numbers'
import type { Column } from '@/shared/ui/DataTable'
import { Residues } from '../components/Residues'
import styles from './Records.module.css'

const SHOWN = 90

/** Only what the records have: a FASTA file without labels shows no empty column. */
export function recordColumns(
  kind: RecordPageKind,
  rows: readonly RecordView[],
  t: TFunction<['data', 'common']>,
  onOpen: (record: RecordView) => void,
): Column<RecordView>[] {
  const isVariants = kind === 'variants'
  const has = (key: 'target' | 'set') => rows.some((record) => record[key] !== null)
  const columns: (Column<RecordView> | false)[] = [
    {
      key: 'id',
      title: t('records.id'),
      isName: true,
      render: (record) => (
        <Button
          type="link"
          size="small"
          className={styles.id}
          aria-label={t('records.open', { id: record.id })}
          onClick={() => onOpen(record)}
        >
          {record.id}
        </Button>
      ),
    },
    {
      key: 'sequence',
      title: t(isVariants ? 'records.variant' : 'records.sequence'),
      render: ({ sequence }) => (
        <div className={styles.sequence}>
          {isVariants ? <code>{sequence}</code> : <Residues sequence={sequence.slice(0, SHOWN)} />}
          {sequence.length > SHOWN && '…'}
        </div>
      ),
    },
    !isVariants && {
      key: 'length',
      title: t('records.length'),
      align: 'right',
      render: ({ length }) => formatCount(length),
    },
    has('target') && {
      key: 'target',
      title: t('records.target'),
      align: 'right',
      render: ({ target }) => short(target),
    },
    has('set') && { key: 'set', title: t('records.set'), render: ({ set }) => set ?? '–' },
    { key: 'line', title: t('records.line'), align: 'right', render: ({ line }) => line },
  ]
  return columns.filter((column) => column !== false)
}

function short(text: string | null): string {
  if (text === null) return '–'
  return text.length > 24 ? `${text.slice(0, 22)}…` : text
}
