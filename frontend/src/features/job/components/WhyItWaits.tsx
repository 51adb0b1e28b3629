import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { JobDetail } from '@/shared/api/wire'
import { formatAbsolute } from '@/shared/format/times'
import { useExplained } from '@/shared/i18n/told'
import { Answered } from '@/shared/ui/states'
import { explainQuery } from '../api/jobQueries'

const LOOK_AGAIN_MS = 5_000

/** The scheduler's own reason, and that of each node. */
export function WhyItWaits({ job }: { job: JobDetail }) {
  const { t } = useTranslation('job')
  const explained = useExplained()
  const explain = useQuery({ ...explainQuery(job.id), refetchInterval: LOOK_AGAIN_MS })
  return (
    <Answered query={explain}>
      {(told) => {
        const { summary, nodes, isListed } = explained(told)
        return (
          <Alert
            type={job.state === 'held' ? 'warning' : 'info'}
            showIcon
            title={told.position === null ? summary : t('waits.position', { n: told.position })}
            description={
              <>
                {told.position !== null && !isListed && <p style={{ margin: '0 0 4px' }}>{summary}</p>}
                {isListed && <p style={{ margin: '0 0 4px' }}>{t('waits.noRoom')}</p>}
                <ul style={{ margin: 0, paddingLeft: 18 }}>
                  {nodes.map(([node, reason]) => (
                    <li key={node}>
                      {node}: {reason}
                    </li>
                  ))}
                </ul>
                {told.starts_at && (
                  <p style={{ margin: '4px 0 0' }}>{t('waits.starts', { at: formatAbsolute(told.starts_at) })}</p>
                )}
              </>
            }
          />
        )
      }}
    </Answered>
  )
}
