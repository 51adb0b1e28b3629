import type { ConfigProviderProps } from 'antd'
import { useEffect, useState } from 'react'
import type { Language } from '@/shared/i18n'

type KitLocale = ConfigProviderProps['locale']

const loaders: Record<Language, () => Promise<{ default: unknown }>> = {
  zh: () => import('antd/locale/zh_CN'),
  en: () => import('antd/locale/en_US'),
}

/** The kit's own words (empty lists, calendars, dialogs), which come after the first paint. */
export function useKitLocale(language: Language): KitLocale {
  const [locale, setLocale] = useState<KitLocale>()
  useEffect(() => {
    let wanted = true
    void loaders[language]().then((module) => {
      if (wanted) setLocale(module.default as KitLocale)
    })
    return () => {
      wanted = false
    }
  }, [language])
  return locale
}
