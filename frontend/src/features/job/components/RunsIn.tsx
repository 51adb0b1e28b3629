import { useTranslation } from 'react-i18next'
import type { AttemptView, MemberView } from '@/shared/api/wire'
import type words from '@/shared/i18n/locales/en/common.json'
import { useSay } from '@/shared/i18n/told'

type Kind = keyof typeof words.environment

/** The environment that an attempt ran in and how it was started; once, where all its machines say the same. */
export function RunsIn({ attempt }: { attempt: AttemptView | undefined }) {
  const told = useTold()
  const lines = new Set(attempt?.members.filter((member) => member.environment).map(told))
  if (lines.size === 0) return '–'
  return [...lines].map((line) => <div key={line}>{line}</div>)
}

function useTold(): (member: MemberView) => string {
  const { t } = useTranslation(['job', 'common'])
  const say = useSay()
  return ({ environment = '', start = '', start_words }) => {
    const [kind = '', ...which] = environment.split(' ')
    const name = t(`common:environment.${kind as Kind}`, { defaultValue: kind })
    const why = start.startsWith('cold: ') ? say(start_words, start.slice('cold: '.length)) : ''
    const how = start === 'warm' ? t('start.warm') : why ? t('start.coldSince', { why }) : t('start.cold')
    return [[name, ...which].join(' '), start && how].filter(Boolean).join(' · ')
  }
}
