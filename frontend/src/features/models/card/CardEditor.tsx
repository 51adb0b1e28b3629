import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeModelVersion, type ModelVersionView, type ModelView } from '@/shared/api/wire'
import { mayChange, useUser } from '@/shared/session/session'
import { ErrorState, Loading } from '@/shared/ui/states'
import { MODELS_KEY } from '../api/modelQueries'

const Markdown = lazy(() => import('./Markdown'))

/** People's own words on a version. */
export function CardEditor({ model, version }: { model: ModelView; version: ModelVersionView }) {
  const { t } = useTranslation('models')
  const client = useQueryClient()
  const [draft, setDraft] = useState<string | null>(null)
  const text = version.description ?? ''
  const save = useMutation({
    mutationFn: (description: string) =>
      describeModelVersion(encodeURIComponent(version.name), version.version, { description }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: MODELS_KEY })
      setDraft(null)
    },
  })
  const isOwn = mayChange(useUser(), model.owner ?? '')
  return (
    <section className="px-card">
      <h2>{t('card.notes')}</h2>
      {draft === null ? (
        <>
          {text ? (
            <Suspense fallback={<Loading rows={2} />}>
              <Markdown text={text} />
            </Suspense>
          ) : (
            <p className="px-muted">{t('card.empty')}</p>
          )}
          {isOwn && <Button onClick={() => setDraft(text)}>{t(text ? 'card.edit' : 'card.write')}</Button>}
        </>
      ) : (
        <div className="px-stack">
          <Input.TextArea
            autoFocus
            autoSize={{ minRows: 6, maxRows: 24 }}
            aria-label={t('card.label')}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
          />
          {save.error && <ErrorState error={save.error} />}
          <div className="px-row">
            <Button type="primary" loading={save.isPending} onClick={() => save.mutate(draft)}>
              {t('card.save')}
            </Button>
            <Button onClick={() => setDraft(null)}>{t('card.cancel')}</Button>
          </div>
        </div>
      )}
    </section>
  )
}
