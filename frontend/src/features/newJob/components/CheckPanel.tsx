import { CheckCircleFilled, LoadingOutlined, WarningFilled } from '@ant-design/icons'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { stringify } from 'yaml'
import type { JobCreate } from '@/shared/api/wire'
import { CodeBlock } from '@/shared/ui/CopyButton'
import { useErrorText } from '@/shared/ui/errorText'
import { Status } from '@/shared/ui/Status'
import type { Verdict } from '../api/queries'
import { notebook, pxCommand } from '../snippets'
import styles from './NewJob.module.css'

const SHOWN = ['config', 'px', 'notebook'] as const

interface Props {
  request: JobCreate
  verdict: Verdict | undefined
  isChecking: boolean
}

/** What the master makes of it: the whole config, or what is wrong; and the same job by other ways. */
export function CheckPanel({ request, verdict, isChecking }: Props) {
  const { t } = useTranslation('newJob')
  const [shown, setShown] = useState<(typeof SHOWN)[number]>('config')
  return (
    <section className="px-card px-stack" aria-label={t('check.title')}>
      <div role="status">
        <Told verdict={verdict} isChecking={isChecking} />
      </div>
      <Segmented
        aria-label={t('check.show')}
        value={shown}
        options={SHOWN.map((value) => ({ value, label: t(`check.${value}`) }))}
        onChange={setShown}
      />
      <div className={styles.config}>
        {shown === 'config' && verdict?.ok && verdict.check.config && (
          <CodeBlock label={t('check.config')} text={stringify(verdict.check.config)} />
        )}
        {shown === 'config' && !(verdict?.ok && verdict.check.config) && (
          <p className="px-muted">{t('check.noConfig')}</p>
        )}
        {shown === 'px' && <CodeBlock label={t('check.px')} text={pxCommand(request)} />}
        {shown === 'notebook' && <CodeBlock label={t('check.notebook')} text={notebook(request)} />}
      </div>
    </section>
  )
}

function Told({ verdict, isChecking }: { verdict: Verdict | undefined; isChecking: boolean }) {
  const { t } = useTranslation('newJob')
  const words = useErrorText()
  if (isChecking) return <Status tone="info" icon={<LoadingOutlined spin />} word={t('check.looking')} />
  if (!verdict) return null
  if (verdict.ok) return <Status tone="good" icon={<CheckCircleFilled />} word={t('check.good')} />
  const { title, detail } = words(verdict.error)
  return <Status tone="bad" icon={<WarningFilled />} word={detail ? `${title}: ${detail}` : title} wraps />
}
