import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatCount } from '@/shared/format/numbers'
import type { Cleaned } from '../report'
import { ruleWord } from '../words'

/** What was left out when the file came in. */
export function CleanedCard({ cleaned }: { cleaned: Cleaned }) {
  const { t } = useTranslation('data')
  const counts = { kept: formatCount(cleaned.kept), read: formatCount(cleaned.read) }
  return (
    <Alert
      type="info"
      showIcon
      title={`${t('quality.cleaned')}: ${t('quality.cleanedText', counts)}`}
      description={
        <ul style={{ margin: 0, paddingLeft: 18 }}>
          {cleaned.rules.map(({ rule, count, lines }) => (
            <li key={rule}>
              {ruleWord(rule, t)}: {formatCount(count)} ({t('quality.lines')} {lines.join(', ')}
              {count > lines.length ? ' …' : ''})
            </li>
          ))}
        </ul>
      }
    />
  )
}
