import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { JoinCommand } from './JoinCommand'

/** How another machine joins. */
export function JoinDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('session')
  return (
    <Modal open title={t('setup.join')} footer={null} onCancel={onClose} width={640}>
      <JoinCommand />
    </Modal>
  )
}
