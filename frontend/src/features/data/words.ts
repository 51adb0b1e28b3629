import type { TFunction } from 'i18next'
import type words from '@/shared/i18n/locales/en/data.json'
import type { Finding } from './report'

type T = TFunction<'data'>

/** A newer master may know kinds, findings and rules that this portal does not: then its own word is shown. */
export function kindWord(kind: string, t: T): string {
  return t(`kind.${kind as keyof typeof words.kind}`, { defaultValue: kind })
}

export function findingWord(code: string, t: T): string {
  return t(`finding.${code as keyof typeof words.finding}`, { defaultValue: t('finding.other') })
}

/** The finding's own sentence; `count` goes by another name, since i18next would look for plurals. */
export function findingDetail({ code, detail, params }: Finding, t: T): string {
  if (!params) return detail
  const { count = '', ...others } = params
  return t(`detail.${code as keyof typeof words.detail}`, { ...others, n: count, defaultValue: detail })
}

export function ruleWord(rule: string, t: T): string {
  return t(`rule.${rule as keyof typeof words.rule}`, { defaultValue: rule })
}
