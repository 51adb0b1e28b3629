import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ChainView, StructureView } from '@/shared/api/wire'
import { formatCount } from '@/shared/format/numbers'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { Residues } from '../components/Residues'
import styles from './Structure.module.css'

interface Props {
  view: StructureView
  chain: string | null
  onChain: (chain: string | null) => void
}

/** What the picture shows, in words: chains, residues, gaps. */
export function ChainTable({ view, chain, onChain }: Props) {
  const { t } = useTranslation('data')
  const columns: Column<ChainView>[] = [
    {
      key: 'chain',
      title: t('structure.chain'),
      isName: true,
      render: ({ name }) => (
        <Button
          size="small"
          aria-pressed={chain === name}
          type={chain === name ? 'primary' : 'default'}
          aria-label={t('structure.show', { name })}
          onClick={() => onChain(chain === name ? null : name)}
        >
          {name}
        </Button>
      ),
    },
    {
      key: 'residues',
      title: t('structure.residues'),
      align: 'right',
      render: ({ sequence }) => formatCount(sequence.length),
    },
    {
      key: 'missing',
      title: t('structure.missing'),
      align: 'right',
      render: ({ missing, full_length }) =>
        missing.length ? t('structure.missingSome', { n: missing.length, total: full_length }) : '0',
    },
    {
      key: 'b',
      title: t(view.confidence ? 'structure.meanPlddt' : 'structure.meanB'),
      align: 'right',
      render: ({ b_factors }) => (b_factors.reduce((sum, one) => sum + one, 0) / b_factors.length).toFixed(1),
    },
    {
      key: 'sequence',
      title: t('records.sequence'),
      render: ({ sequence }) => (
        <div className={styles.sequence}>
          <Residues sequence={sequence} />
        </div>
      ),
    },
  ]
  return (
    <DataTable<ChainView>
      label={t('structure.chain')}
      columns={columns}
      rows={view.chains}
      rowKey={(one) => one.name}
      rowName={(one) => one.name}
    />
  )
}
