import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelVersionView, ModelView } from '@/shared/api/wire'
import { Answered, Loading } from '@/shared/ui/states'
import { cardQuery, makerQuery } from '../api/modelQueries'
import { CardEditor } from './CardEditor'
import { Facts } from './Facts'
import { ScoreTable } from './ScoreTable'

const Markdown = lazy(() => import('./Markdown'))

/** What there is to know of one version: people's notes, facts, metrics, and the card that the training wrote. */
export default function CardTab({ model, version }: { model: ModelView; version: ModelVersionView }) {
  const { t } = useTranslation('models')
  const maker = useQuery(makerQuery(version.job_id))
  return (
    <div className="px-stack">
      {model.description && (
        <section className="px-card">
          <h2>{t('card.model')}</h2>
          <Suspense fallback={<Loading rows={2} />}>
            <Markdown text={model.description} />
          </Suspense>
        </section>
      )}
      <CardEditor key={version.version} model={model} version={version} />
      <Answered query={maker}>
        {(job) =>
          job ? (
            <>
              <Facts job={job} version={version} />
              <ScoreTable metrics={job.metrics ?? {}} />
              <TrainingCard jobId={job.id} />
            </>
          ) : (
            <p className="px-muted">{t('card.noJob')}</p>
          )
        }
      </Answered>
    </div>
  )
}

function TrainingCard({ jobId }: { jobId: string }) {
  const { t } = useTranslation('models')
  const card = useQuery(cardQuery(jobId))
  return (
    <Answered query={card}>
      {(text) =>
        text && (
          <section className="px-card">
            <h2>{t('card.fromTraining')}</h2>
            <Suspense fallback={<Loading rows={4} />}>
              <Markdown text={text} />
            </Suspense>
          </section>
        )
      }
    </Answered>
  )
}
