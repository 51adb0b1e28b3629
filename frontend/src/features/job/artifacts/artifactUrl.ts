type MakeUrl = (jobId: string, path: string) => string

/** Each part of the path encoded, its slashes kept: the generated address takes a path as it is. */
export function artifactUrl(make: MakeUrl, jobId: string, path: string): string {
  return make(jobId, path.split('/').map(encodeURIComponent).join('/'))
}
