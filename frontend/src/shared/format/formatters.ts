import { localeTag } from '@/shared/i18n'

/** Making one of `Intl`'s formatters takes far longer than using it, and a list needs the same ones by the hundred. */
function kept<Formatter>(make: (locale: string) => Formatter): () => Formatter {
  const made = new Map<string, Formatter>()
  return () => {
    const locale = localeTag()
    const known = made.get(locale) ?? make(locale)
    made.set(locale, known)
    return known
  }
}

export const relative = kept((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'short' }))
export const absolute = kept((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }))
export const clock = kept((locale) => new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }))
export const counts = kept((locale) => new Intl.NumberFormat(locale))
export const percents = kept((locale) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }))
