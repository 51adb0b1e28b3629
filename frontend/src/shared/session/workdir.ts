import { queryOptions } from '@tanstack/react-query'
import { checkWorkdir, readWorkdir } from '@/shared/api/wire'

export const workdirQuery = queryOptions({ queryKey: ['workdir'], queryFn: () => readWorkdir() })

/** What a folder would be as the workdir. */
export function workdirCheckQuery(path: string) {
  return queryOptions({
    queryKey: ['workdir', 'check', path],
    queryFn: ({ signal }) => checkWorkdir({ path }, { signal }),
    enabled: path !== '',
  })
}
