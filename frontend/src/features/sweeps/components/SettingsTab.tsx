import { useTranslation } from 'react-i18next'
import { stringify } from 'yaml'
import type { SweepDetail } from '@/shared/api/wire'
import { CodeBlock } from '@/shared/ui/CopyButton'

/** What was asked for, with code and data pinned. */
export default function SettingsTab({ sweep }: { sweep: SweepDetail }) {
  const { t } = useTranslation('sweeps')
  const { idempotency_key: _, ...request } = sweep.request
  return <CodeBlock label={t('tab.settings')} text={stringify(request)} />
}
