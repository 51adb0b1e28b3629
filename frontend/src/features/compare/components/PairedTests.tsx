import { CheckCircleFilled, MinusCircleOutlined, WarningFilled } from '@ant-design/icons'
import { useQueries } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ComparedRun, PairedScore, PairedTest } from '@/shared/api/wire'
import { formatCount, formatMetric, formatPercent } from '@/shared/format/numbers'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { useErrorText } from '@/shared/ui/errorText'
import { Status } from '@/shared/ui/Status'
import { Loading } from '@/shared/ui/states'
import { pairedQuery } from '../api/useCompared'
import { MOST_PAIRS, mainFirst, testable } from '../pairs'

interface Props {
  runs: ComparedRun[]
  names: string[]
  baseline: number
  chosen: string | undefined
}

interface Row {
  run: ComparedRun
  name: string
  test: PairedTest | undefined
  error: unknown
}

/** Each run against the baseline on the same test rows: the difference with its interval, and how likely chance is. */
export function PairedTests({ runs, names, baseline, chosen }: Props) {
  const { t } = useTranslation('compare')
  const navigate = useNavigate({ from: '/compare' })
  const base = runs[baseline]
  const others = base ? testable(runs, base) : []
  const shown = others.slice(0, MOST_PAIRS)
  const answers = useQueries({ queries: shown.map((run) => pairedQuery(run.id, base?.id ?? '')) })
  if (!base || others.length === 0) return null
  const rows = shown.map(
    (run, index): Row => ({
      run,
      name: names[runs.indexOf(run)] ?? run.name,
      test: answers[index]?.data,
      error: answers[index]?.error,
    }),
  )
  const scores = mainFirst(rows.flatMap(({ test }) => Object.keys(test?.scores ?? {})))
  const score = chosen && scores.includes(chosen) ? chosen : scores[0]
  const known = rows.find(({ test }) => test)?.test
  return (
    <section aria-labelledby="paired">
      <h2 id="paired">{t('paired.title', { name: names[baseline] })}</h2>
      {scores.length > 0 && (
        <div className="px-filters">
          <Select
            aria-label={t('paired.score')}
            style={{ minWidth: 220 }}
            value={score}
            options={scores.map((value) => ({ value, label: value }))}
            onChange={(pair) => void navigate({ search: (before) => ({ ...before, pair }), replace: true })}
          />
        </div>
      )}
      <Rows rows={rows} score={score} level={known?.level ?? 0.95} />
      <p className="px-muted">
        {known && t('paired.method', { rows: formatCount(known.rows) })} {t('paired.many')}
        {others.length > shown.length && ` ${t('paired.first', { n: shown.length, total: others.length })}`}
      </p>
    </section>
  )
}

function Rows({ rows, score, level }: { rows: Row[]; score: string | undefined; level: number }) {
  const { t } = useTranslation('compare')
  const found = ({ test }: Row) => (score ? test?.scores[score] : undefined)
  const number = (pick: (one: PairedScore) => string) => (row: Row) => {
    const one = found(row)
    return one ? <span className="px-number">{pick(one)}</span> : '–'
  }
  const columns: Column<Row>[] = [
    { key: 'name', title: t('column.name'), isName: true, render: ({ name }) => name },
    { key: 'own', title: score ?? '', align: 'right', render: number((one) => formatMetric(one.first)) },
    { key: 'base', title: t('column.baseline'), align: 'right', render: number((one) => formatMetric(one.second)) },
    {
      key: 'difference',
      title: t('paired.difference', { level: formatPercent(level) }),
      align: 'right',
      render: number(({ difference: { value, low, high } }) => `${signed(value)} [${signed(low)}, ${signed(high)}]`),
    },
    { key: 'p', title: 'p', align: 'right', render: number((one) => formatMetric(one.p_value)) },
    { key: 'verdict', title: t('paired.verdict'), render: (row) => <Verdict row={row} score={found(row)} /> },
  ]
  return (
    <DataTable<Row>
      label={t('paired.label')}
      columns={columns}
      rows={rows}
      rowKey={({ run }) => run.id}
      rowName={({ name }) => name}
    />
  )
}

function Verdict({ row, score }: { row: Row; score: PairedScore | undefined }) {
  const { t } = useTranslation('compare')
  const words = useErrorText()
  if (row.error) {
    const { title, detail } = words(row.error)
    return (
      <span title={detail ?? undefined}>
        <Status tone="warn" icon={<WarningFilled />} word={title} wraps />
      </span>
    )
  }
  if (!row.test) return <Loading rows={1} />
  if (!score) return <>–</>
  if (score.better === null) return <Status tone="muted" icon={<MinusCircleOutlined />} word={t('paired.open')} />
  const isBetter = score.better === 'first'
  return (
    <Status
      tone={isBetter ? 'good' : 'bad'}
      icon={isBetter ? <CheckCircleFilled /> : <WarningFilled />}
      word={t(isBetter ? 'paired.better' : 'paired.worse')}
    />
  )
}

function signed(value: number): string {
  return value > 0 ? `+${formatMetric(value)}` : formatMetric(value)
}
