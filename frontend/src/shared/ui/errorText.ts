import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { ApiError, UNREACHABLE } from '@/shared/api/errors'
import type errorWords from '@/shared/i18n/locales/en/errors.json'
import { sentence } from '@/shared/i18n/told'

export interface ErrorText {
  title: string
  /** What the master says of this very case; in English where it is a sentence that the portal does not know. */
  detail: string | null
}

type Code = keyof typeof errorWords

/** An error in the reader's language, with what the master said of this very case. */
export function errorText(error: unknown, t: TFunction<['common', 'errors', 'told']>): ErrorText {
  if (!(error instanceof ApiError)) {
    return { title: t('errors:fallback'), detail: error instanceof Error ? error.message : String(error) }
  }
  if (error.code === UNREACHABLE) return { title: t('errors:unreachable'), detail: t('errors:unreachable_hint') }
  const title = t(`errors:${error.code as Code}`, { defaultValue: t('errors:fallback') })
  return { title, detail: toldOf(error, t) }
}

export function useErrorText(): (error: unknown) => ErrorText {
  const { t } = useTranslation(['common', 'errors', 'told'])
  return (error) => errorText(error, t)
}

/** The master's sentence alone, for the field that it is about. */
export function toldOf(error: ApiError, t: TFunction<['common', 'errors', 'told']>): string {
  return sentence(error.words, error.message, t as unknown as TFunction<'told'>)
}
