import { getDownloadCleanedDatasetUrl, getDownloadDatasetFileUrl, type VersionView } from '@/shared/api/wire'

/** One file of a version of a dataset. */
export interface Part {
  name: string
  number: number
  path: string
}

/** The file at `path`, or the version's first. */
export function partOf(version: VersionView, path?: string): Part {
  const file = version.files.find((one) => one.path === path) ?? version.files[0]
  return { name: version.dataset, number: version.number, path: file?.path ?? version.filename }
}

export function fileUrl({ name, number, path }: Part): string {
  return getDownloadDatasetFileUrl(encodeURIComponent(name), number, path.split('/').map(encodeURIComponent).join('/'))
}

export function cleanedUrl({ name, number }: Part): string {
  return getDownloadCleanedDatasetUrl(encodeURIComponent(name), number)
}
