import { CheckCircleFilled, CloseCircleFilled, WarningFilled } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { VersionView } from '@/shared/api/wire'
import { Status } from '@/shared/ui/Status'
import { reportOf } from '../report'

/** The worst of a version's findings, counted. */
export function FindingCounts({ version }: { version: VersionView }) {
  const { t } = useTranslation('data')
  const findings = reportOf(version)?.findings
  if (!findings || version.kind === 'file') return <>–</>
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length
  const [errors, warnings] = [count('error'), count('warning')]
  if (errors) return <Status tone="bad" icon={<CloseCircleFilled />} word={`${t('quality.error')} ${errors}`} />
  if (warnings) return <Status tone="warn" icon={<WarningFilled />} word={`${t('quality.warning')} ${warnings}`} />
  return <Status tone="good" icon={<CheckCircleFilled />} word={t('quality.good')} />
}
