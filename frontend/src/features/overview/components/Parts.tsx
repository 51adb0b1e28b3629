import { CheckCircleFilled, WarningFilled } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { Health } from '@/shared/api/wire'
import { Status } from '@/shared/ui/Status'

/** The parts of the system, each with what is wrong with it. */
export function Parts({ health }: { health: Health }) {
  const { t } = useTranslation('overview')
  return (
    <section className="px-card" aria-labelledby="parts">
      <h2 id="parts">{t('system')}</h2>
      <ul style={{ margin: 0, padding: 0, listStyle: 'none', display: 'grid', gap: 4 }}>
        {Object.entries(health.parts).map(([name, told]) => (
          <li key={name}>
            <Status
              tone={told === 'ok' ? 'good' : 'warn'}
              icon={told === 'ok' ? <CheckCircleFilled /> : <WarningFilled />}
              word={`${name}: ${told}`}
              wraps
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
