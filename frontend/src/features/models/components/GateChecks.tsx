import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { GateCheck } from '@/shared/api/wire'
import type words from '@/shared/i18n/locales/en/models.json'
import { useSay } from '@/shared/i18n/told'
import { Status } from '@/shared/ui/Status'

/** What the gate looked at, one line a check. */
export function GateChecks({ checks }: { checks: GateCheck[] }) {
  const { t } = useTranslation('models')
  const say = useSay()
  return (
    <ul className="px-list" aria-label={t('gate.checks')}>
      {checks.map(({ name, passed, detail, words: told }) => (
        <li key={name}>
          <Status
            wraps
            tone={passed ? 'good' : 'bad'}
            icon={passed ? <CheckCircleFilled /> : <CloseCircleFilled />}
            word={`${t(`gate.check.${name as keyof typeof words.gate.check}`, { defaultValue: name })}: ${say(told, detail)}`}
          />
        </li>
      ))}
    </ul>
  )
}
