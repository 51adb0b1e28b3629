import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { SweepDetail } from '@/shared/api/wire'
import { ShortId } from '@/shared/ui/CopyButton'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered, Loading } from '@/shared/ui/states'
import { TabBar } from '@/shared/ui/TabBar'
import { sweepQuery } from '../api/sweepQueries'
import { ResultsTab } from '../components/ResultsTab'
import { SweepActions } from '../components/SweepActions'
import { SweepStatus } from '../components/SweepStatus'
import { TrialsTab } from '../components/TrialsTab'
import { SWEEP_TABS, type SweepTab } from '../search'

const SettingsTab = lazy(() => import('../components/SettingsTab'))

const VIEWS: Record<SweepTab, (props: { sweep: SweepDetail }) => React.ReactNode> = {
  results: ResultsTab,
  trials: TrialsTab,
  settings: SettingsTab,
}

export default function SweepPage() {
  const { sweepId } = useParams({ from: '/inside/sweeps/$sweepId' })
  const sweep = useQuery(sweepQuery(sweepId))
  return <Answered query={sweep}>{(detail) => <Shown key={sweepId} sweep={detail} />}</Answered>
}

function Shown({ sweep }: { sweep: SweepDetail }) {
  const { t } = useTranslation('sweeps')
  const { tab = 'results' } = useSearch({ from: '/inside/sweeps/$sweepId' })
  const navigate = useNavigate({ from: '/sweeps/$sweepId' })
  const View = VIEWS[tab]
  return (
    <>
      <PageHeader
        title={sweep.name}
        crumbs={<Link to="/sweeps">{t('title')}</Link>}
        extra={
          <>
            <SweepStatus state={sweep.state} />
            <ShortId id={sweep.id} />
          </>
        }
        actions={<SweepActions sweep={sweep} />}
      />
      <TabBar
        label={sweep.name}
        tabs={SWEEP_TABS.map((key) => ({ key, label: t(`tab.${key}`) }))}
        active={tab}
        onChange={(key) => void navigate({ search: { tab: key } })}
      />
      <Suspense fallback={<Loading />}>
        <View sweep={sweep} />
      </Suspense>
    </>
  )
}
