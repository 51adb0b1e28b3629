import { BulbOutlined, GlobalOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { currentLanguage, LANGUAGES, type Language, switchLanguage } from '@/shared/i18n'
import { CHOICES, type Choice, chooseTheme, useThemeChoice } from '@/shared/theme/mode'

export function LanguageSwitch() {
  const { t } = useTranslation()
  const items = LANGUAGES.map((key) => ({ key, label: t(`language.${key}`) }))
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items,
        selectable: true,
        selectedKeys: [currentLanguage()],
        onClick: ({ key }) => void switchLanguage(key as Language),
      }}
    >
      <Button type="text" icon={<GlobalOutlined />} aria-label={t('language.label')} />
    </Dropdown>
  )
}

export function ThemeSwitch() {
  const { t } = useTranslation()
  const choice = useThemeChoice()
  const items = CHOICES.map((key) => ({ key, label: t(`theme.${key}`) }))
  return (
    <Dropdown
      trigger={['click']}
      menu={{ items, selectable: true, selectedKeys: [choice], onClick: ({ key }) => chooseTheme(key as Choice) }}
    >
      <Button type="text" icon={<BulbOutlined />} aria-label={t('theme.label')} />
    </Dropdown>
  )
}
