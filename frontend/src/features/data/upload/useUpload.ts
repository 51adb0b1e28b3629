import { useQueryClient } from '@tanstack/react-query'
import { createDatasetVersion, type UploadView, type VersionView } from '@/shared/api/wire'
import { useSender } from '@/shared/upload/useSender'
import { DATASETS_KEY } from '../api/datasetQueries'
import type { Columns } from './ColumnMapping'

export interface Wanted {
  name: string
  filename: string
  description: string
  columns: Columns
  clean: boolean
}

/** A file on its way to become a dataset's version. What was sent is kept where cleaning or other columns may mend it. */
export function useUpload(onDone: (version: VersionView) => void) {
  const client = useQueryClient()
  const finish = (upload: UploadView, wanted: Wanted) =>
    createDatasetVersion(encodeURIComponent(wanted.name), {
      upload_id: upload.id,
      filename: wanted.filename,
      columns: wanted.columns,
      description: wanted.description,
      clean: wanted.clean,
    })
  return useSender(finish, (version: VersionView) => {
    void client.invalidateQueries({ queryKey: DATASETS_KEY })
    onDone(version)
  })
}
