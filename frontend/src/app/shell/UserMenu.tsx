import { UserOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { closeSession } from '@/shared/api/wire'
import { live } from '@/shared/live/page'
import { useUser } from '@/shared/session/session'
import { useErrorText } from '@/shared/ui/errorText'

export function UserMenu() {
  const { t } = useTranslation('session')
  const user = useUser()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const words = useErrorText()

  const signOut = async () => {
    try {
      await closeSession()
    } catch (error) {
      void message.error(words(error).title)
      return
    }
    live.pause()
    await navigate({ to: '/sign-in' })
    client.clear()
  }

  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'who', label: t('who', { name: user.name, role: t(`role.${user.role}`) }), disabled: true },
          { type: 'divider' },
          { key: 'out', label: t('signOut'), onClick: () => void signOut() },
        ],
      }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={t('signedInAs', { name: user.name })} />
    </Dropdown>
  )
}
