import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { NodeHistoryPoint, NodeView } from '@/shared/api/wire'
import { useMode } from '@/shared/theme/mode'
import { Answered, EmptyState, Loading } from '@/shared/ui/states'
import { historyQuery } from '../api/queries'
import { historyOption, type Line, linesOf, type Quantity, told } from '../history'
import { RANGES } from '../search'
import styles from './Nodes.module.css'

const Chart = lazy(() => import('@/shared/charts/Chart'))

/** The node over the last hour, day or week, on one shared cursor. */
export function HistoryCharts({ node }: { node: NodeView }) {
  const { t } = useTranslation('nodes')
  const { range = '1h' } = useSearch({ from: '/inside/nodes/$nodeId' })
  const navigate = useNavigate({ from: '/nodes/$nodeId' })
  const history = useQuery(historyQuery(node.id, range))
  return (
    <section aria-labelledby="history">
      <div className={styles.head}>
        <h2 id="history">{t('history')}</h2>
        <Segmented
          aria-label={t('range')}
          value={range}
          options={RANGES.map((value) => ({ value, label: t(`ranges.${value}`) }))}
          onChange={(value) => void navigate({ search: { range: value }, replace: true })}
        />
      </div>
      <Answered query={history}>
        {(points) =>
          points.length === 0 ? (
            <EmptyState text={t('noHistory')} />
          ) : (
            <Charts node={node} points={points} range={range} />
          )
        }
      </Answered>
    </section>
  )
}

function Charts({
  node,
  points,
  range,
}: {
  node: NodeView
  points: NodeHistoryPoint[]
  range: (typeof RANGES)[number]
}) {
  const { t } = useTranslation('nodes')
  const charts = useMemo(() => linesOf(points, node.info), [points, node.info])
  return (
    <div className={styles.charts}>
      {charts.map(({ quantity, lines }) => (
        <div key={quantity} className="px-card">
          <h3 style={{ margin: 0, fontSize: 13 }}>{t(`quantity.${quantity}`)}</h3>
          <Suspense fallback={<Loading rows={3} />}>
            <One quantity={quantity} lines={lines} group={`node-${node.id}-${range}`} />
          </Suspense>
        </div>
      ))}
    </div>
  )
}

function One({ quantity, lines, group }: { quantity: Quantity; lines: Line[]; group: string }) {
  const { t } = useTranslation('nodes')
  const mode = useMode()
  const option = useMemo(() => historyOption(quantity, lines, mode), [quantity, lines, mode])
  const summary = t('chart', {
    name: t(`quantity.${quantity}`),
    told: lines.map((line) => told(quantity, line)).join('; '),
  })
  return <Chart option={option} summary={summary} height={200} group={group} />
}
