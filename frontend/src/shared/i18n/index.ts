import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'

export const LANGUAGES = ['zh', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const STORED = 'proteinx.language'

/** Words and the component kit's own language come in one chunk each, so a visit loads one language only. */
const loaders = {
  zh: () => import('./zh'),
  en: () => import('./en'),
}

export function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORED)
  if (stored === 'zh' || stored === 'en') return stored
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('zh')) ? 'zh' : 'en'
}

export function currentLanguage(): Language {
  return i18next.language === 'zh' ? 'zh' : 'en'
}

/** Tag of the language for `lang` attributes and `Intl`. */
export function localeTag(language: Language = currentLanguage()): string {
  return language === 'zh' ? 'zh-CN' : 'en-GB'
}

export async function startI18n(language: Language = preferredLanguage()): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'common',
    interpolation: { escapeValue: false },
    returnNull: false,
    resources: {},
  })
  await load(language)
  document.documentElement.lang = localeTag(language)
  return i18next
}

export async function switchLanguage(language: Language): Promise<void> {
  await load(language)
  localStorage.setItem(STORED, language)
  document.documentElement.lang = localeTag(language)
  await i18next.changeLanguage(language)
}

async function load(language: Language): Promise<void> {
  const { words } = await loaders[language]()
  for (const [namespace, texts] of Object.entries(words))
    i18next.addResourceBundle(language, namespace, texts, true, true)
}
