import { Progress as Bar, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatBytes } from '@/shared/format/numbers'
import type { Progress } from './sendFile'

/** How far a file is, in words and as a bar. `null` is after the last byte: the master looks at what it got. */
export function UploadProgress({ progress, onCancel }: { progress: Progress | null; onCancel: () => void }) {
  const { t } = useTranslation()
  const share = progress ? Math.floor((100 * progress.bytes) / Math.max(progress.total, 1)) : 100
  const words = progress ? t(`upload.${progress.phase}`) : t('upload.checking')
  return (
    <div className="px-stack" style={{ gap: 4 }}>
      <div className="px-row">
        <span role="status">{words}</span>
        {progress && (
          <span className="px-muted px-number">
            {formatBytes(progress.bytes)} / {formatBytes(progress.total)}
          </span>
        )}
        {progress && (
          <Button size="small" style={{ marginLeft: 'auto' }} onClick={onCancel}>
            {t('action.cancel')}
          </Button>
        )}
      </div>
      <Bar percent={share} status={progress ? 'active' : 'normal'} showInfo={false} aria-label={words} />
      {progress?.phase === 'waiting' && <span className="px-muted">{t('upload.waitingHint')}</span>}
    </div>
  )
}
