import { CheckCircleFilled, CloseCircleFilled, InfoCircleFilled, WarningFilled } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { formatCount } from '@/shared/format/numbers'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { Status } from '@/shared/ui/Status'
import type { Finding } from '../report'
import { findingDetail, findingWord } from '../words'
import styles from './Quality.module.css'

const LOOKS = {
  error: { tone: 'bad', icon: <CloseCircleFilled /> },
  warning: { tone: 'warn', icon: <WarningFilled /> },
  info: { tone: 'info', icon: <InfoCircleFilled /> },
} as const
const SHOWN = 8

/** What to look at, by kind; each line number leads to its record. */
export function Findings({ findings }: { findings: Finding[] }) {
  const { t } = useTranslation('data')
  const columns = useMemo<Column<Finding>[]>(
    () => [
      {
        key: 'severity',
        title: t('quality.severity'),
        width: '100px',
        render: ({ severity }) => <Status {...LOOKS[severity]} word={t(`quality.${severity}`)} />,
      },
      {
        key: 'what',
        title: t('quality.what'),
        isName: true,
        render: (finding) => (
          <div className={styles.detail}>
            <strong>{findingWord(finding.code, t)}</strong>
            <div className="px-muted">{findingDetail(finding, t)}</div>
          </div>
        ),
      },
      { key: 'count', title: t('quality.count'), align: 'right', render: ({ count }) => formatCount(count) },
      { key: 'lines', title: t('quality.lines'), render: (finding) => <Lines finding={finding} /> },
    ],
    [t],
  )
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">{t('quality.findings')}</h2>
      {findings.length === 0 ? (
        <Status
          tone="good"
          icon={<CheckCircleFilled />}
          word={`${t('quality.good')}: ${t('quality.goodHint')}`}
          wraps
        />
      ) : (
        <DataTable<Finding>
          label={t('quality.findings')}
          columns={columns}
          rows={findings}
          rowKey={(finding) => `${finding.code}${finding.detail}`}
          rowName={(finding) => findingWord(finding.code, t)}
        />
      )}
    </section>
  )
}

function Lines({ finding: { lines, count } }: { finding: Finding }) {
  const { t } = useTranslation('data')
  if (lines.length === 0) return <>–</>
  const to = (wanted: number[]) => ({ tab: 'sequences' as const, lines: wanted.join(',') })
  return (
    <div className={styles.lines}>
      {lines.slice(0, SHOWN).map((line) => (
        <Link
          key={line}
          from="/data/$name"
          search={(before) => ({ version: before.version, ...to([line]) })}
          aria-label={t('quality.line', { line })}
        >
          {line}
        </Link>
      ))}
      {count > SHOWN && <span className="px-muted">{t('quality.more')}</span>}
      {lines.length > 1 && (
        <Link from="/data/$name" search={(before) => ({ version: before.version, ...to(lines) })}>
          {t('quality.show')}
        </Link>
      )}
    </div>
  )
}
