import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import { App } from 'antd'
import type { ReactNode } from 'react'
import { vi } from 'vitest'

/** A component with what the app puts round every page, the router excepted. */
export function show(node: ReactNode): QueryClient {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  render(
    <QueryClientProvider client={client}>
      <App component={false}>{node}</App>
    </QueryClientProvider>,
  )
  return client
}

export interface Call {
  url: string
  method: string
  body: unknown
}

/** Answers calls to the master; returns what was asked. */
export function master(answer: (call: Call) => { status: number; body: unknown }): Call[] {
  const calls: Call[] = []
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    const call = { url, method: init?.method ?? 'GET', body: init?.body ? JSON.parse(String(init.body)) : undefined }
    calls.push(call)
    const { status, body } = answer(call)
    return new Response(body === undefined ? null : JSON.stringify(body), { status })
  })
  return calls
}
