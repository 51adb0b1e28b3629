import { App, ConfigProvider } from 'antd'
import { type ReactNode, useLayoutEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '@/shared/i18n'
import { antdTheme } from '@/shared/theme/antd'
import { useMode } from '@/shared/theme/mode'
import { applyPalette } from '@/shared/theme/variables'
import { useKitLocale } from './kitLocale'

const FONT_SIZE = { zh: 14, en: 13 } as const

/** Theme and language of the component kit. */
export function KitProvider({ children }: { children: ReactNode }) {
  useTranslation() // renders anew when the language changes
  const mode = useMode()
  const language = currentLanguage()
  const theme = useMemo(() => antdTheme(mode, FONT_SIZE[language]), [mode, language])
  useLayoutEffect(() => applyPalette(mode), [mode])
  return (
    <ConfigProvider theme={theme} locale={useKitLocale(language)} button={{ autoInsertSpace: false }}>
      <App component={false}>{children}</App>
    </ConfigProvider>
  )
}
