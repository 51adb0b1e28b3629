import { Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { Navigation } from './Navigation'

/** The navigation on a phone. */
export default function NavigationDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Drawer open onClose={onClose} placement="left" size={260} title={t('appName')} styles={{ body: { padding: 0 } }}>
      <Navigation onGo={onClose} />
    </Drawer>
  )
}
