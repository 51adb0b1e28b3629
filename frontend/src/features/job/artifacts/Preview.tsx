import { useQuery } from '@tanstack/react-query'
import { parse } from 'papaparse'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { jobKey } from '@/shared/api/jobs'
import { send } from '@/shared/api/request'
import { type ArtifactView, getDownloadArtifactUrl } from '@/shared/api/wire'
import { formatBytes, formatCount } from '@/shared/format/numbers'
import { Answered, EmptyState } from '@/shared/ui/states'
import styles from './ArtifactsTab.module.css'
import { artifactUrl } from './artifactUrl'
import { kindOf } from './kinds'

const MOST_TEXT = 512 * 1024
const MOST_IMAGE = 20 * 1024 * 1024
const MOST_ROWS = 500

interface Props {
  jobId: string
  artifact: ArtifactView | undefined
}

export function Preview({ jobId, artifact }: Props) {
  const { t } = useTranslation('job')
  if (!artifact) return <EmptyState text={t('artifacts.choose')} />
  return (
    <section className={`px-card ${styles.preview}`} aria-label={artifact.path} key={artifact.path}>
      <h2>{artifact.path}</h2>
      <Shown jobId={jobId} artifact={artifact} />
    </section>
  )
}

function Shown({ jobId, artifact }: { jobId: string; artifact: ArtifactView }) {
  const { t } = useTranslation('job')
  const kind = kindOf(artifact.path)
  if (kind === 'other') return <EmptyState text={t('artifacts.noPreview')} />
  if (kind === 'image') return <Picture jobId={jobId} artifact={artifact} />
  return <Text jobId={jobId} artifact={artifact} />
}

/** An SVG is shown as a picture, so that no script in it runs. */
function Picture({ jobId, artifact }: { jobId: string; artifact: ArtifactView }) {
  const { t } = useTranslation('job')
  const [url, setUrl] = useState<string>()
  const isSvg = artifact.path.toLowerCase().endsWith('.svg')
  const picture = useQuery({
    queryKey: [...jobKey(jobId), 'picture', artifact.path],
    queryFn: async ({ signal }) => {
      const reply = await send(artifactUrl(getDownloadArtifactUrl, jobId, artifact.path), { signal })
      return new Blob([await reply.arrayBuffer()], isSvg ? { type: 'image/svg+xml' } : {})
    },
    enabled: artifact.size <= MOST_IMAGE,
  })
  useEffect(() => {
    if (!picture.data) return
    const made = URL.createObjectURL(picture.data)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [picture.data])
  if (artifact.size > MOST_IMAGE)
    return <EmptyState text={t('artifacts.tooLarge', { size: formatBytes(artifact.size) })} />
  return <Answered query={picture}>{() => url && <img src={url} alt={artifact.path} />}</Answered>
}

function Text({ jobId, artifact }: { jobId: string; artifact: ArtifactView }) {
  const { t } = useTranslation('job')
  const content = useQuery({
    queryKey: [...jobKey(jobId), 'text', artifact.path],
    queryFn: async ({ signal }) => {
      const headers = artifact.size > MOST_TEXT ? { Range: `bytes=0-${MOST_TEXT - 1}` } : undefined
      return (await send(artifactUrl(getDownloadArtifactUrl, jobId, artifact.path), { signal, headers })).text()
    },
  })
  return (
    <Answered query={content}>
      {(text) => (
        <>
          {artifact.size > MOST_TEXT && (
            <p className="px-muted">
              {t('artifacts.beginning', { shown: formatBytes(MOST_TEXT), size: formatBytes(artifact.size) })}
            </p>
          )}
          <Content path={artifact.path} text={text} />
        </>
      )}
    </Answered>
  )
}

function Content({ path, text }: { path: string; text: string }) {
  const kind = kindOf(path)
  if (kind === 'table')
    return <Table rows={parse<string[]>(text, { preview: MOST_ROWS + 1, skipEmptyLines: true }).data} />
  if (kind === 'json') return <pre>{prettyJson(text)}</pre>
  return <pre>{text}</pre>
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text // cut off, or not JSON after all: shown as it is
  }
}

function Table({ rows }: { rows: string[][] }) {
  const { t } = useTranslation('job')
  const [head = [], ...body] = rows
  return (
    <>
      <p className="px-muted">{t('artifacts.rows', { n: formatCount(body.length) })}</p>
      <table>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name
            <tr key={line}>
              {row.map((field, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: nor have its fields
                <td key={column} title={field.length > 40 ? field : undefined}>
                  {field}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
