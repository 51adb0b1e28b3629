import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Role } from '@/shared/api/wire'
import { useUser } from '@/shared/session/session'
import { PageHeader } from '@/shared/ui/PageHeader'
import { TabBar } from '@/shared/ui/TabBar'
import { AccountTab } from '../components/AccountTab'
import { AuditTab } from '../components/AuditTab'
import { MachinesTab } from '../components/MachinesTab'
import { NotificationsTab } from '../components/NotificationsTab'
import { PeopleTab } from '../components/PeopleTab'
import { RetentionTab } from '../components/RetentionTab'
import { SystemTab } from '../components/SystemTab'
import { TokensTab } from '../components/TokensTab'
import { WorkdirTab } from '../components/WorkdirTab'
import { SETTINGS_TABS } from '../search'

type Tab = (typeof SETTINGS_TABS)[number]

const VIEWS: Record<Tab, () => React.ReactNode> = {
  account: AccountTab,
  tokens: TokensTab,
  notifications: NotificationsTab,
  workdir: WorkdirTab,
  people: PeopleTab,
  machines: MachinesTab,
  system: SystemTab,
  retention: RetentionTab,
  audit: AuditTab,
}
/** The rest is for admins. */
const FOR_ALL: readonly Tab[] = ['account', 'tokens', 'notifications', 'workdir', 'system']

export default function SettingsPage() {
  const { t } = useTranslation('settings')
  const user = useUser()
  const navigate = useNavigate({ from: '/settings' })
  const { tab: asked = 'account' } = useSearch({ from: '/inside/settings' })
  const tabs = SETTINGS_TABS.filter((tab) => user.role === Role.admin || FOR_ALL.includes(tab))
  const tab = tabs.includes(asked) ? asked : 'account'
  const View = VIEWS[tab]
  return (
    <>
      <PageHeader title={t('title')} />
      <TabBar
        label={t('title')}
        tabs={tabs.map((key) => ({ key, label: t(`tab.${key}`) }))}
        active={tab}
        onChange={(key) => void navigate({ search: { tab: key } })}
      />
      <View />
    </>
  )
}
