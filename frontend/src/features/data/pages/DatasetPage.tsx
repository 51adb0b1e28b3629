import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Select } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetView, VersionView } from '@/shared/api/wire'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered, Loading } from '@/shared/ui/states'
import { TabBar } from '@/shared/ui/TabBar'
import { datasetQuery, versionsQuery } from '../api/datasetQueries'
import { DatasetActions } from '../components/DatasetActions'
import { partOf } from '../part'
import QualityTab from '../quality/QualityTab'
import type { DatasetTab } from '../search'
import { tabsOf } from '../tabs'

const VIEWS: Record<DatasetTab, (props: { version: VersionView }) => React.ReactNode> = {
  overview: QualityTab,
  sequences: lazy(() => import('../sequences/SequencesTab')),
  alignment: lazy(() => import('../alignment/AlignmentTab')),
  structure: lazy(() => import('../structure/StructureTab')),
  split: lazy(() => import('../split/SplitTab')),
  versions: lazy(() => import('../versions/VersionsTab')),
  usage: lazy(() => import('../versions/UsageTab')),
}

export default function DatasetPage() {
  const { name } = useParams({ from: '/inside/data/$name' })
  const { version: wanted } = useSearch({ from: '/inside/data/$name' })
  const dataset = useQuery(datasetQuery(name))
  const versions = useQuery(versionsQuery(name))
  return (
    <Answered query={dataset}>
      {(view) => (
        <Answered query={versions}>
          {(all) => {
            const version = all.find((one) => one.number === wanted) ?? all.at(-1)
            return version && <Shown key={name} dataset={view} versions={all} version={version} />
          }}
        </Answered>
      )}
    </Answered>
  )
}

interface Props {
  dataset: DatasetView
  versions: VersionView[]
  version: VersionView
}

function Shown({ dataset, versions, version }: Props) {
  const { t } = useTranslation('data')
  const search = useSearch({ from: '/inside/data/$name' })
  const navigate = useNavigate({ from: '/data/$name' })
  const tabs = tabsOf(version, search.file)
  const tab = search.tab && tabs.includes(search.tab) ? search.tab : 'overview'
  const View = VIEWS[tab]
  return (
    <>
      <PageHeader
        title={dataset.name}
        crumbs={<Link to="/data">{t('title')}</Link>}
        extra={<VersionPicker versions={versions} version={version} />}
        actions={<DatasetActions dataset={dataset} version={version} file={search.file} />}
      />
      {dataset.description && <p style={{ whiteSpace: 'pre-wrap' }}>{dataset.description}</p>}
      {version.files.length > 1 && <FilePicker version={version} file={partOf(version, search.file).path} />}
      <TabBar
        label={dataset.name}
        active={tab}
        tabs={tabs.map((key) => ({ key, label: t(`tab.${key}`) }))}
        onChange={(key) =>
          void navigate({ search: (before) => ({ version: before.version, file: before.file, tab: key }) })
        }
      />
      <Suspense fallback={<Loading />}>
        <View key={version.number} version={version} />
      </Suspense>
    </>
  )
}

function VersionPicker({ versions, version }: Omit<Props, 'dataset'>) {
  const { t } = useTranslation('data')
  const navigate = useNavigate({ from: '/data/$name' })
  const newest = versions.at(-1)?.number
  return (
    <Select
      aria-label={t('versionLabel')}
      value={version.number}
      style={{ minWidth: 120 }}
      options={[...versions].reverse().map(({ number }) => ({
        value: number,
        label: number === newest ? `${t('version', { n: number })} (${t('latest')})` : t('version', { n: number }),
      }))}
      onChange={(number) => void navigate({ search: ({ tab }) => ({ tab, version: number }) })}
    />
  )
}

function FilePicker({ version, file }: { version: VersionView; file: string }) {
  const { t } = useTranslation('data')
  const navigate = useNavigate({ from: '/data/$name' })
  return (
    <Select
      showSearch
      aria-label={t('fileLabel')}
      value={file}
      style={{ minWidth: 260, marginBottom: 8 }}
      options={version.files.map(({ path }) => ({ value: path, label: path }))}
      onChange={(path) => void navigate({ search: (before) => ({ ...before, file: path }) })}
    />
  )
}
