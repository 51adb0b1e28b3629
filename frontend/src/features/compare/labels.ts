import type { ComparedRun } from '@/shared/api/wire'

const ID = 6

/** What each job is called on this page: its name, with the id's beginning where others have the same name. */
export function labels(jobs: readonly Pick<ComparedRun, 'id' | 'name' | 'experiment_id'>[]): string[] {
  return jobs.map((job) => {
    const isAlone = jobs.every((other) => other.id === job.id || other.name !== job.name)
    return isAlone ? job.name : `${job.name} (${job.id.slice(0, ID)})`
  })
}

/** MLflow's own comparison of the same runs. */
export function mlflowUrl(jobs: readonly Pick<ComparedRun, 'id' | 'name' | 'experiment_id'>[]): string {
  const runs = encodeURIComponent(JSON.stringify(jobs.map((job) => job.id)))
  const experiments = encodeURIComponent(JSON.stringify([...new Set(jobs.map((job) => job.experiment_id))]))
  return `/mlflow/#/compare-runs?runs=${runs}&experiments=${experiments}`
}
