import common from './locales/zh/common.json'
import compare from './locales/zh/compare.json'
import data from './locales/zh/data.json'
import errors from './locales/zh/errors.json'
import job from './locales/zh/job.json'
import jobs from './locales/zh/jobs.json'
import models from './locales/zh/models.json'
import newJob from './locales/zh/newJob.json'
import nodes from './locales/zh/nodes.json'
import overview from './locales/zh/overview.json'
import session from './locales/zh/session.json'
import settings from './locales/zh/settings.json'
import sweeps from './locales/zh/sweeps.json'
import told from './locales/zh/told.json'

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
