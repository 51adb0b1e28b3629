import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { ApiError, UNREACHABLE } from '@/shared/api/errors'
import type errorWords from '@/shared/i18n/locales/en/errors.json'

export interface ErrorText {
  title: string
  /** The master's own sentence: it names the thing, and is in English. */
  detail: string | null
}

type Code = keyof typeof errorWords

/** An error in the reader's language, with what the master said of this very case. */
export function errorText(error: unknown, t: TFunction<['common', 'errors']>): ErrorText {
  if (!(error instanceof ApiError)) {
    return { title: t('errors:fallback'), detail: error instanceof Error ? error.message : String(error) }
  }
  if (error.code === UNREACHABLE) return { title: t('errors:unreachable'), detail: t('errors:unreachable_hint') }
  return { title: t(`errors:${error.code as Code}`, { defaultValue: t('errors:fallback') }), detail: error.message }
}

export function useErrorText(): (error: unknown) => ErrorText {
  const { t } = useTranslation(['common', 'errors'])
  return (error) => errorText(error, t)
}
