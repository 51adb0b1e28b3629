import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import SignInForm from '@/features/session/components/SignInForm'
import { sessionQuery } from '@/shared/session/session'
import { master, show } from '../../render'

const ANA = { id: '1', name: 'ana', role: 'member', disabled: false, created_at: '2026-01-01T00:00:00Z' }

describe('signing in', () => {
  it('says what is missing and asks nobody', async () => {
    const calls = master(() => ({ status: 200, body: ANA }))
    show(<SignInForm onDone={() => undefined} />)
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))
    await waitFor(() => expect(screen.getAllByText('Fill this in')).toHaveLength(2)) // one after the other
    expect(calls).toEqual([])
  })

  it('words a refusal, then lets one in', async () => {
    const done = vi.fn()
    let right = false
    const calls = master(() =>
      right
        ? { status: 200, body: ANA }
        : { status: 401, body: { error: 'bad_credentials', detail: 'Name or password is wrong.' } },
    )
    const client = show(<SignInForm onDone={done} />)
    await userEvent.type(screen.getByLabelText('Name'), 'ana')
    await userEvent.type(screen.getByLabelText('Password'), 'secret{Enter}')
    expect(await screen.findByRole('alert')).toHaveTextContent('Name or password is wrong')
    expect(done).not.toHaveBeenCalled()
    right = true
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))
    await vi.waitFor(() => expect(done).toHaveBeenCalledWith(ANA))
    expect(client.getQueryData(sessionQuery.queryKey)).toEqual(ANA)
    expect(calls[0]).toEqual({ url: '/api/session', method: 'POST', body: { name: 'ana', password: 'secret' } })
  })

  it('says so where nobody answers', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch')
    })
    show(<SignInForm onDone={() => undefined} name="ana" />)
    await userEvent.type(screen.getByLabelText('Password'), 'secret{Enter}')
    expect(await screen.findByRole('alert')).toHaveTextContent('The server does not answer')
  })
})
