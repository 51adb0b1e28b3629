import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelVersionView, ModelView } from '@/shared/api/wire'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered, Loading } from '@/shared/ui/states'
import { TabBar } from '@/shared/ui/TabBar'
import { modelQuery, versionsQuery } from '../api/modelQueries'
import { HistoryTab } from '../components/HistoryTab'
import { VersionsTab } from '../components/VersionsTab'
import { MODEL_TABS } from '../search'

const CardTab = lazy(() => import('../card/CardTab'))
const PredictTab = lazy(() => import('../predict/PredictTab'))

export default function ModelPage() {
  const { name } = useParams({ from: '/inside/models/$name' })
  const model = useQuery(modelQuery(name))
  const versions = useQuery(versionsQuery(name))
  return (
    <Answered query={model}>
      {(view) => <Answered query={versions}>{(rows) => <Shown key={name} model={view} versions={rows} />}</Answered>}
    </Answered>
  )
}

function Shown({ model, versions }: { model: ModelView; versions: ModelVersionView[] }) {
  const { t } = useTranslation(['models', 'common'])
  const { tab = 'versions', version: wanted } = useSearch({ from: '/inside/models/$name' })
  const navigate = useNavigate({ from: '/models/$name' })
  const champion = versions.find((one) => one.aliases.includes('champion'))
  const version = versions.find((one) => one.version === wanted) ?? champion ?? versions[0]
  const needsVersion = tab === 'card' || tab === 'predict'
  return (
    <>
      <PageHeader
        title={model.name}
        crumbs={<Link to="/models">{t('title')}</Link>}
        actions={
          <Button href={`/mlflow/#/models/${encodeURIComponent(model.name)}`} target="_blank">
            {t('inMlflow')} <span className="px-visually-hidden">{t('common:nav.newTab')}</span> ↗
          </Button>
        }
      />
      <TabBar
        label={model.name}
        active={tab}
        tabs={MODEL_TABS.map((key) => ({ key, label: t(`tab.${key}`) }))}
        onChange={(key) => void navigate({ search: (before) => ({ version: before.version, tab: key }) })}
      />
      {needsVersion && version && (
        <Select
          aria-label={t('predict.version')}
          style={{ minWidth: 220, marginBottom: 12 }}
          value={version.version}
          options={versions.map((one) => ({
            value: one.version,
            label: [t('version', { n: one.version }), ...one.aliases].join(' · '),
          }))}
          onChange={(value) => void navigate({ search: (before) => ({ ...before, version: value }), replace: true })}
        />
      )}
      <Suspense fallback={<Loading />}>
        {tab === 'versions' && <VersionsTab model={model} versions={versions} />}
        {tab === 'history' && <HistoryTab model={model} versions={versions} />}
        {tab === 'card' && version && <CardTab model={model} version={version} />}
        {tab === 'predict' && version && <PredictTab version={version} />}
      </Suspense>
    </>
  )
}
