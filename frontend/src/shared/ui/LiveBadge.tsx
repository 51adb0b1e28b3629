import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { useLiveState } from '@/shared/live/page'
import styles from './LiveBadge.module.css'

/** Says honestly whether what one sees changes by itself. */
export function LiveBadge() {
  const { t } = useTranslation()
  const state = useLiveState()
  if (state === 'idle') return null
  return (
    <Tooltip title={t(`live.hint_${state}`)}>
      <span role="status" className={`${styles.badge} ${styles[state]}`}>
        {t(`live.${state}`)}
      </span>
    </Tooltip>
  )
}
