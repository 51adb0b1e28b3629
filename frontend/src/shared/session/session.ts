import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { ApiError } from '@/shared/api/errors'
import { Role, readHealth, type UserView, whoAmI } from '@/shared/api/wire'

/** Who is signed in; null is nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<UserView | null> => {
    try {
      return await whoAmI()
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
})

export const healthQuery = queryOptions({ queryKey: ['health'], queryFn: () => readHealth() })

/** The person whose page this is. Only below the routes that let nobody else in. */
export function useUser(): UserView {
  const { data } = useSuspenseQuery(sessionQuery)
  if (!data) throw new Error('a page for signed-in people was shown to nobody')
  return data
}

/** Whether the portal offers changes; the master decides whether they are made. */
export function mayChange(user: UserView, owner: string): boolean {
  return user.role === Role.admin || (user.role === Role.member && user.name === owner)
}

export function mayCreate(user: UserView): boolean {
  return user.role !== Role.viewer
}
