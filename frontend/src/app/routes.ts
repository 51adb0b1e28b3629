import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { compareSearch } from '@/features/compare/search'
import { dataSearch, datasetSearch } from '@/features/data/search'
import { jobSearch } from '@/features/job/search'
import { jobsSearch } from '@/features/jobs/search'
import { modelSearch } from '@/features/models/search'
import { newJobSearch } from '@/features/newJob/search'
import { nodeSearch } from '@/features/nodes/search'
import { settingsSearch } from '@/features/settings/search'
import { sweepSearch, sweepsSearch } from '@/features/sweeps/search'
import { healthQuery, sessionQuery } from '@/shared/session/session'
import { NotFound } from './NotFound'
import { RouteError } from './RouteError'
import { Shell } from './shell/Shell'

interface Context {
  queryClient: QueryClient
}

const root = createRootRouteWithContext<Context>()({ notFoundComponent: NotFound })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' ? { next: search.next } : {},
  component: lazyRouteComponent(() => import('@/features/session/pages/SignInPage')),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('@/features/session/pages/SetupPage')),
})

/** All below is for people who are signed in; others go to where they can, and come back. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  errorComponent: RouteError,
  beforeLoad: async ({ context: { queryClient }, location }) => {
    if (await queryClient.ensureQueryData(sessionQuery)) return
    const health = await queryClient.fetchQuery(healthQuery)
    if (health.setup_required) throw redirect({ to: '/setup', replace: true })
    throw redirect({ to: '/sign-in', search: { next: location.href }, replace: true })
  },
})

const page = { getParentRoute: () => inside, errorComponent: RouteError } as const

const overview = createRoute({
  ...page,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/overview/pages/OverviewPage')),
})
const jobs = createRoute({
  ...page,
  path: '/jobs',
  validateSearch: jobsSearch,
  component: lazyRouteComponent(() => import('@/features/jobs/pages/JobsPage')),
})
const newJob = createRoute({
  ...page,
  path: '/jobs/new',
  validateSearch: newJobSearch,
  component: lazyRouteComponent(() => import('@/features/newJob/pages/NewJobPage')),
})
const job = createRoute({
  ...page,
  path: '/jobs/$jobId',
  validateSearch: jobSearch,
  component: lazyRouteComponent(() => import('@/features/job/pages/JobPage')),
})
const sweeps = createRoute({
  ...page,
  path: '/sweeps',
  validateSearch: sweepsSearch,
  component: lazyRouteComponent(() => import('@/features/sweeps/pages/SweepsPage')),
})
const sweep = createRoute({
  ...page,
  path: '/sweeps/$sweepId',
  validateSearch: sweepSearch,
  component: lazyRouteComponent(() => import('@/features/sweeps/pages/SweepPage')),
})
const compare = createRoute({
  ...page,
  path: '/compare',
  validateSearch: compareSearch,
  component: lazyRouteComponent(() => import('@/features/compare/pages/ComparePage')),
})
const data = createRoute({
  ...page,
  path: '/data',
  validateSearch: dataSearch,
  component: lazyRouteComponent(() => import('@/features/data/pages/DataPage')),
})
const dataset = createRoute({
  ...page,
  path: '/data/$name',
  validateSearch: datasetSearch,
  component: lazyRouteComponent(() => import('@/features/data/pages/DatasetPage')),
})
const models = createRoute({
  ...page,
  path: '/models',
  component: lazyRouteComponent(() => import('@/features/models/pages/ModelsPage')),
})
const model = createRoute({
  ...page,
  path: '/models/$name',
  validateSearch: modelSearch,
  component: lazyRouteComponent(() => import('@/features/models/pages/ModelPage')),
})
const nodes = createRoute({
  ...page,
  path: '/nodes',
  component: lazyRouteComponent(() => import('@/features/nodes/pages/NodesPage')),
})
const node = createRoute({
  ...page,
  path: '/nodes/$nodeId',
  validateSearch: nodeSearch,
  component: lazyRouteComponent(() => import('@/features/nodes/pages/NodePage')),
})
const settings = createRoute({
  ...page,
  path: '/settings',
  validateSearch: settingsSearch,
  component: lazyRouteComponent(() => import('@/features/settings/pages/SettingsPage')),
})

export const routeTree = root.addChildren([
  signIn,
  setup,
  inside.addChildren([
    overview,
    jobs,
    newJob,
    job,
    sweeps,
    sweep,
    compare,
    data,
    dataset,
    models,
    model,
    nodes,
    node,
    settings,
  ]),
])
