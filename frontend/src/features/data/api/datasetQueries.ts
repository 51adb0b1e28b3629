import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import {
  getDataset,
  listDatasetRecords,
  listDatasetVersions,
  listDependents,
  readDatasetAlignment,
  readDatasetStructure,
} from '@/shared/api/wire'
import type { Part } from '../part'
import type { RecordFilter } from '../search'

export const DATASETS_KEY = ['datasets'] as const
const datasetKey = (name: string) => [...DATASETS_KEY, 'one', name] as const
/** What is in a version never changes. */
const FOREVER = Number.POSITIVE_INFINITY
const PAGE = 200

export function datasetQuery(name: string) {
  return queryOptions({
    queryKey: datasetKey(name),
    queryFn: ({ signal }) => getDataset(encodeURIComponent(name), { signal }),
  })
}

export function versionsQuery(name: string) {
  return queryOptions({
    queryKey: [...datasetKey(name), 'versions'],
    queryFn: ({ signal }) => listDatasetVersions(encodeURIComponent(name), { signal }),
  })
}

export function dependentsQuery(name: string) {
  return queryOptions({
    queryKey: [...datasetKey(name), 'dependents'],
    queryFn: ({ signal }) => listDependents(encodeURIComponent(name), { signal }),
  })
}

export function recordsQuery({ name, number, path }: Part, filter: RecordFilter) {
  return infiniteQueryOptions({
    queryKey: [...datasetKey(name), number, path, 'records', filter],
    queryFn: ({ pageParam, signal }) =>
      listDatasetRecords(
        encodeURIComponent(name),
        number,
        { ...filter, path, offset: pageParam, limit: PAGE },
        { signal },
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => {
      const next = page.offset + page.items.length
      return next < page.total && page.items.length > 0 ? next : null
    },
    staleTime: FOREVER,
  })
}

export function alignmentQuery({ name, number, path }: Part) {
  return queryOptions({
    queryKey: [...datasetKey(name), number, path, 'alignment'],
    queryFn: ({ signal }) => readDatasetAlignment(encodeURIComponent(name), number, { path }, { signal }),
    staleTime: FOREVER,
  })
}

export function structureQuery({ name, number, path }: Part) {
  return queryOptions({
    queryKey: [...datasetKey(name), number, path, 'structure'],
    queryFn: ({ signal }) => readDatasetStructure(encodeURIComponent(name), number, { path }, { signal }),
    staleTime: FOREVER,
  })
}
