import { createRouter } from '@tanstack/react-router'
import { queryClient } from '@/shared/api/queryClient'
import { Loading } from '@/shared/ui/states'
import { routeTree } from './routes'

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultPendingMs: 300,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
