import common from './locales/en/common.json'
import compare from './locales/en/compare.json'
import data from './locales/en/data.json'
import errors from './locales/en/errors.json'
import job from './locales/en/job.json'
import jobs from './locales/en/jobs.json'
import models from './locales/en/models.json'
import newJob from './locales/en/newJob.json'
import nodes from './locales/en/nodes.json'
import overview from './locales/en/overview.json'
import session from './locales/en/session.json'
import settings from './locales/en/settings.json'
import sweeps from './locales/en/sweeps.json'
import told from './locales/en/told.json'

export const words = {
  common,
  compare,
  data,
  errors,
  job,
  jobs,
  models,
  newJob,
  nodes,
  overview,
  session,
  settings,
  told,
  sweeps,
}
