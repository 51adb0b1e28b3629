import { useQuery } from '@tanstack/react-query'
import { Alert, Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ModelVersionView } from '@/shared/api/wire'
import { useUser } from '@/shared/session/session'
import { Answered } from '@/shared/ui/states'
import { gateQuery } from '../api/modelQueries'
import { GateChecks } from './GateChecks'

interface Props {
  version: ModelVersionView
  force: boolean
  onForce: (force: boolean) => void
}

/** Whether the version may become the champion, before anybody offers it; admins may go past, which is kept. */
export function GateState({ version, force, onForce }: Props) {
  const { t } = useTranslation('models')
  const isAdmin = useUser().role === 'admin'
  const gate = useQuery(gateQuery(version))
  return (
    <Answered query={gate}>
      {({ passed, checks }) => (
        <Alert
          type={passed ? 'success' : 'warning'}
          title={t(passed ? 'gate.passed' : 'gate.refused')}
          description={
            <>
              <GateChecks checks={checks} />
              {!passed && isAdmin && (
                <Checkbox checked={force} onChange={(event) => onForce(event.target.checked)}>
                  {t('gate.force')}
                </Checkbox>
              )}
              {!passed && !isAdmin && <p style={{ margin: '4px 0 0' }}>{t('gate.ask')}</p>}
            </>
          }
        />
      )}
    </Answered>
  )
}
