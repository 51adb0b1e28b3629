import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { Alert } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StructureView, VersionView } from '@/shared/api/wire'
import { Answered, Loading } from '@/shared/ui/states'
import { structureQuery } from '../api/datasetQueries'
import { fileUrl, type Part, partOf } from '../part'
import { ChainTable } from './ChainTable'
import { hasWebgl } from './webgl'

const Viewer = lazy(() => import('./Viewer'))

/** The structure in 3D where the browser can, and in words always. */
export default function StructureTab({ version }: { version: VersionView }) {
  const { file } = useSearch({ from: '/inside/data/$name' })
  const part = partOf(version, file)
  const structure = useQuery(structureQuery(part))
  return <Answered query={structure}>{(view) => <Shown key={part.path} part={part} view={view} />}</Answered>
}

function Shown({ part, view }: { part: Part; view: StructureView }) {
  const { t } = useTranslation('data')
  const [canDraw] = useState(hasWebgl)
  const [chain, setChain] = useState<string | null>(null)
  const remarks = [
    view.models > 1 && t('structure.models', { n: view.models }),
    view.alternatives > 0 && t('structure.alternatives', { n: view.alternatives }),
    view.insertion_codes > 0 && t('structure.insertions', { n: view.insertion_codes }),
  ].filter((text) => text !== false)
  return (
    <div className="px-stack">
      {canDraw ? (
        <Suspense fallback={<Loading />}>
          <Viewer url={fileUrl(part)} filename={part.path} view={view} chain={chain} />
        </Suspense>
      ) : (
        <Alert type="info" showIcon title={t('structure.noWebgl')} />
      )}
      {remarks.length > 0 && <p className="px-muted">{remarks.join(' · ')}</p>}
      <ChainTable view={view} chain={chain} onChain={setChain} />
      {view.notes.length > 0 && (
        <details>
          <summary>{t('structure.overlooked')}</summary>
          <ul>
            {view.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
