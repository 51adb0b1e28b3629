import { LoadingOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/shared/api/errors'
import type { ModelVersionView } from '@/shared/api/wire'
import { useSay } from '@/shared/i18n/told'
import { useErrorText } from '@/shared/ui/errorText'
import { Status } from '@/shared/ui/Status'
import { endpointsQuery } from '../api/endpointQueries'
import { EndpointStatus } from '../endpoints/EndpointStatus'

interface Props {
  version: ModelVersionView
  onCancel: () => void
  /** Null for those who may not make a job. */
  onJob: (() => void) | null
}

/** While the answer is not there: whether the model computes or is being loaded, and what that waits for. */
export function OnDemandState({ version, onCancel, onJob }: Props) {
  const { t } = useTranslation(['models', 'common'])
  const say = useSay()
  const endpoints = useQuery(endpointsQuery(true))
  const found = endpoints.data?.find((one) => one.model === version.name && one.version === version.version)
  const isLoading = found && found.state !== 'ready'
  return (
    <div role="status" className="px-stack" style={{ gap: 8 }}>
      <div className="px-row">
        {isLoading ? (
          <EndpointStatus state={found.state} />
        ) : (
          <Status tone="info" icon={<LoadingOutlined spin />} word={t('now.asking')} />
        )}
        {isLoading && (
          <Link to="/jobs/$jobId" params={{ jobId: found.job_id }}>
            {t('predict.job', { id: found.job_id.slice(0, 8) })}
          </Link>
        )}
        <Button style={{ marginLeft: 'auto' }} onClick={onCancel}>
          {t('common:action.cancel')}
        </Button>
      </div>
      {isLoading && (
        <span className="px-muted">
          {say(found.reason_words, found.reason)} {t('now.loading')}
        </span>
      )}
      {isLoading && onJob && <InsteadAJob onJob={onJob} />}
    </div>
  )
}

/** What no other way of asking would mend. */
const OF_THE_SEQUENCES: ReadonlySet<string> = new Set([
  'empty_sequence',
  'illegal_residue',
  'duplicate_id',
  'nothing_to_predict',
  'forbidden',
])

/** Why there is no answer, and the way that has no such limits. */
export function OnDemandRefusal({ error, onJob }: { error: Error; onJob: (() => void) | null }) {
  const { t } = useTranslation('models')
  const { title, detail } = useErrorText()(error)
  const { code, job } = error instanceof ApiError ? error : { code: '', job: null }
  return (
    <Alert
      type="error"
      showIcon
      title={title}
      description={
        <div className="px-stack" style={{ gap: 8 }}>
          {detail && <span>{detail}</span>}
          {job && (
            <Link to="/jobs/$jobId" params={{ jobId: job }}>
              {t('predict.seeJob')}
            </Link>
          )}
          {onJob && !OF_THE_SEQUENCES.has(code) && <InsteadAJob onJob={onJob} />}
        </div>
      }
    />
  )
}

function InsteadAJob({ onJob }: { onJob: () => void }) {
  const { t } = useTranslation('models')
  return (
    <div>
      <Button onClick={onJob}>{t('now.asJob')}</Button>
    </div>
  )
}
