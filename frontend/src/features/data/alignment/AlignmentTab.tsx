import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { InputNumber } from 'antd'
import { useCallback, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlignmentView, VersionView } from '@/shared/api/wire'
import { formatCount } from '@/shared/format/numbers'
import { Answered } from '@/shared/ui/states'
import { alignmentQuery, recordsQuery } from '../api/datasetQueries'
import { ResidueLegend } from '../components/Residues'
import { type Part, partOf } from '../part'
import { AlignmentGrid, type GridHandle } from './AlignmentGrid'

const CONSERVED = 0.8

export default function AlignmentTab({ version }: { version: VersionView }) {
  const { file } = useSearch({ from: '/inside/data/$name' })
  const part = partOf(version, file)
  const alignment = useQuery(alignmentQuery(part))
  return <Answered query={alignment}>{(view) => <Shown part={part} view={view} />}</Answered>
}

function Shown({ part, view }: { part: Part; view: AlignmentView }) {
  const { t } = useTranslation('data')
  const grid = useRef<GridHandle>(null)
  const rows = useInfiniteQuery(recordsQuery(part, {}))
  const records = useMemo(() => rows.data?.pages.flatMap((page) => page.items) ?? [], [rows.data])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = rows
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const shape = { rows: formatCount(view.rows), width: formatCount(view.width) }
  const conserved = view.conservation?.filter((value) => value > CONSERVED).length
  return (
    <div className="px-stack" style={{ gap: 8 }}>
      <div className="px-row">
        <span>{t('alignment.shape', shape)}</span>
        <InputNumber
          min={1}
          max={view.width}
          placeholder={t('alignment.goTo')}
          aria-label={t('alignment.goTo')}
          style={{ width: 130 }}
          onChange={(column) => column && grid.current?.show(column)}
        />
        <ResidueLegend />
      </div>
      <p className="px-muted" style={{ margin: 0 }}>
        {conserved === undefined ? t('alignment.tooLarge') : t('alignment.summary', { ...shape, conserved })}{' '}
        {t('alignment.hint')}
      </p>
      <Answered query={rows}>{() => <AlignmentGrid ref={grid} view={view} records={records} onEnd={onEnd} />}</Answered>
    </div>
  )
}
