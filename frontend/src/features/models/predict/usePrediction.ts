import { useQueryClient } from '@tanstack/react-query'
import { createDatasetVersion, createJob, type JobView, type UploadView } from '@/shared/api/wire'
import { useUser } from '@/shared/session/session'
import { useSender } from '@/shared/upload/useSender'

const MEMORY = 2 * 1024 ** 3
const DAY = 86_400
const UNWANTED = /[\s/@:\\]+/g

interface Wanted {
  filename: string
  model: string
  project: string
  description: string
}

/** The sequences become a dataset of the person's own, the prediction a job: both can be traced later. */
export function usePrediction(onMade: (job: JobView) => void) {
  const client = useQueryClient()
  const dataset = `predict-${useUser().name.replace(UNWANTED, '-')}`
  const finish = async (upload: UploadView, wanted: Wanted) => {
    const version = await createDatasetVersion(encodeURIComponent(dataset), {
      upload_id: upload.id,
      filename: wanted.filename,
      description: wanted.description,
    })
    return createJob({
      project: wanted.project,
      entry_point: 'predict',
      inputs: { data: `${version.dataset}@${version.number}`, model: wanted.model },
      resources: { memory: MEMORY },
      experiment: 'predictions',
      time_limit: DAY,
    })
  }
  return useSender(finish, (job: JobView) => {
    void client.invalidateQueries({ queryKey: ['jobs'] })
    onMade(job)
  })
}
