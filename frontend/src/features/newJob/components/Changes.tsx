import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { JobCreate } from '@/shared/api/wire'
import { differences } from '@/shared/config/differences'
import { cloneQuery } from '../api/queries'
import type { WholeRequest } from '../draft'

/** What a copy has otherwise than the job it was copied from: one wants to change one thing, and see that it is one. */
export function Changes({ parent, request }: { parent: string; request: JobCreate }) {
  const { t } = useTranslation('newJob')
  const clone = useQuery(cloneQuery(parent))
  if (!clone.data) return null
  const rows = differences(about(request), about(clone.data))
  return (
    <section className="px-card" aria-labelledby="changes">
      <h2 id="changes">{t('changes.title', { n: rows.length })}</h2>
      {rows.length === 0 ? (
        <p className="px-muted" style={{ margin: 0 }}>
          {t('changes.none')}
        </p>
      ) : (
        <dl style={{ margin: 0, display: 'grid', gap: 4 }}>
          {rows.map(({ key, ours, theirs }) => (
            <div key={key} style={{ overflowWrap: 'anywhere' }}>
              <dt style={{ display: 'inline' }}>
                <code>{key}</code>{' '}
              </dt>
              <dd style={{ display: 'inline', margin: 0 }}>
                <del className="px-muted">{theirs ?? '–'}</del> →{' '}
                <ins style={{ textDecoration: 'none' }}>{ours ?? '–'}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

/** A request by what people set: overrides by their key, in whatever order they stand. */
function about(request: JobCreate | WholeRequest): unknown {
  const {
    overrides = [],
    resources = {},
    inputs,
    parameters,
    snapshot,
    entry_point,
    project,
    name,
    experiment,
    environment,
    warm_start,
  } = request
  const settings = Object.fromEntries(overrides.map((word) => split(word)))
  const { gpus, gpu_memory, cpus, memory, nodes } = resources
  return {
    project,
    entry_point,
    code: snapshot?.slice(0, 12) ?? null,
    name,
    experiment,
    environment,
    warm_start,
    ...settings,
    ...inputs,
    ...parameters,
    resources: { gpus, gpu_memory, cpus, memory, nodes },
  }
}

function split(word: string): [string, string] {
  const at = word.indexOf('=')
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)]
}
