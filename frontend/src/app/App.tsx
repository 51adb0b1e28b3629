import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { queryClient } from '@/shared/api/queryClient'
import { KitProvider } from './KitProvider'
import { router } from './router'
import { SessionKeeper } from './SessionKeeper'

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <KitProvider>
        <RouterProvider router={router} />
        <SessionKeeper />
      </KitProvider>
    </QueryClientProvider>
  )
}
