import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/shared/api/errors'
import { createJob, type JobCreate } from '@/shared/api/wire'
import { mayCreate, useUser } from '@/shared/session/session'
import { useErrorText } from '@/shared/ui/errorText'
import { Answered, EmptyState, ErrorState } from '@/shared/ui/states'
import { useDebounced } from '@/shared/ui/useDebounced'
import { checkQuery, formQuery, projectsQuery } from '../api/queries'
import { useCreateSweep } from '../api/useCreateSweep'
import { choicesOf, type Draft, requestOf, settle } from '../draft'
import { errorAt } from '../errorAt'
import { newKey } from '../key'
import { isComplete, sweepOf } from '../sweep'
import { type DraftControl, useDraft } from '../useDraft'
import { Changes } from './Changes'
import { CheckPanel } from './CheckPanel'
import { InputSection } from './InputSection'
import { JobSection } from './JobSection'
import styles from './NewJob.module.css'
import { ProjectSection } from './ProjectSection'
import { ResourceSection } from './ResourceSection'
import { SettingsSection } from './SettingsSection'
import { SubmitSweep } from './SubmitSweep'
import { SweepSection } from './SweepSection'

const CHECK_MS = 500

export function NewJobForm({ start, isSweep }: { start: Draft | null; isSweep: boolean }) {
  const { t } = useTranslation('newJob')
  const user = useUser()
  const control = useDraft(start)
  const { draft } = control
  useFirstProject(control)
  const schema = useForm(control)
  const request = useMemo(() => requestOf(draft, schema.data), [draft, schema.data])
  const settled = useDebounced(request, CHECK_MS)
  const check = useQuery(checkQuery(settled))
  const words = useErrorText()
  const errorOf = errorAt(check.data, schema.data, (error) => words(error).detail ?? words(error).title)
  const sweep = useMemo(() => sweepOf(draft.sweep, request, schema.data), [draft.sweep, request, schema.data])
  const createSweep = useCreateSweep()
  const isCurrent = settled === request && !check.isPlaceholderData
  if (!mayCreate(user)) return <EmptyState text={t('viewer')} />
  return (
    <div className={styles.page}>
      <div className="px-stack">
        {draft.parent && <Parent draft={draft} control={control} />}
        <ProjectSection control={control} />
        {draft.project && (
          <Answered query={schema}>
            {(form) => (
              <>
                <InputSection schema={form} control={control} errorOf={errorOf} />
                <SettingsSection schema={form} control={control} errorOf={errorOf} />
              </>
            )}
          </Answered>
        )}
        <ResourceSection schema={schema.data} control={control} errorOf={errorOf} />
        <JobSection control={control} errorOf={errorOf} />
        {isSweep && <SweepSection schema={schema.data} control={control} errorOf={refusalAt(createSweep.error)} />}
      </div>
      <div className={styles.side}>
        <CheckPanel
          request={request}
          verdict={check.data}
          isChecking={request.project !== '' && !isCurrent && !check.error}
        />
        {draft.parent && <Changes parent={draft.parent} request={request} />}
        {check.error && <ErrorState error={check.error} onRetry={() => void check.refetch()} />}
        {isSweep ? (
          <SubmitSweep request={sweep} isReady={isComplete(draft.sweep)} create={createSweep} control={control} />
        ) : (
          <Submit request={request} isReady={isCurrent && check.data?.ok === true} control={control} />
        )}
      </div>
    </div>
  )
}

/** The master's refusal of a sweep at the field that it names. */
function refusalAt(error: Error | null): (field: string) => string | null {
  return (field) => (error instanceof ApiError && error.field === field ? error.message : null)
}

/** Where there is one project there is nothing to choose. */
function useFirstProject({ draft, change }: DraftControl): void {
  const projects = useQuery(projectsQuery)
  const first = projects.data?.[0]?.name
  useEffect(() => {
    if (!draft.project && first) change({ project: first })
  }, [draft.project, first, change])
}

/** The form as the draft's choices have it; overrides that a clone brings find their fields as the form comes. */
function useForm({ draft, replace }: DraftControl) {
  const known = useRef<string[]>([])
  const bare = useQuery(formQuery(draft.project, draft.entryPoint, []))
  const choices = bare.data ? choicesOf(draft, bare.data) : known.current
  known.current = choices
  const schema = useQuery({ ...formQuery(draft.project, draft.entryPoint, choices), enabled: bare.data !== undefined })
  const settledFor = useRef<unknown>(null)
  useEffect(() => {
    if (!schema.data || schema.isPlaceholderData || settledFor.current === schema.data) return
    settledFor.current = schema.data
    const form = schema.data
    if (draft.parent) replace((before) => settle(before, form))
  }, [schema.data, schema.isPlaceholderData, draft.parent, replace])
  return bare.data ? schema : bare
}

function Parent({ draft, control }: { draft: Draft; control: DraftControl }) {
  const { t } = useTranslation('newJob')
  const parent = draft.parent ?? ''
  return (
    <p style={{ margin: 0 }}>
      {t('clonedFrom')}{' '}
      <Link to="/jobs/$jobId" params={{ jobId: parent }}>
        {parent.slice(0, 8)}
      </Link>{' '}
      {draft.snapshot && (
        <>
          · {t('sameCode')}{' '}
          <Button type="link" size="small" style={{ padding: 0 }} onClick={() => control.change({ snapshot: null })}>
            {t('newestCode')}
          </Button>
        </>
      )}
    </p>
  )
}

function Submit({ request, isReady, control }: { request: JobCreate; isReady: boolean; control: DraftControl }) {
  const { t } = useTranslation('newJob')
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  // One key for one click's worth of intent: pressed twice, or sent again after a broken line, it is one job.
  const key = useRef<{ request: JobCreate; key: string }>(null)
  const create = useMutation({
    mutationFn: () => {
      if (key.current?.request !== request) key.current = { request, key: newKey() }
      return createJob({ ...request, idempotency_key: key.current.key })
    },
    onSuccess: async (job) => {
      control.clear()
      void message.success(t('made', { name: job.name }))
      await client.invalidateQueries({ queryKey: ['jobs', 'list'] })
      await navigate({ to: '/jobs/$jobId', params: { jobId: job.id } })
    },
  })
  return (
    <div className="px-stack">
      {create.error && <ErrorState error={create.error} />}
      <div className="px-row">
        <Button
          type="primary"
          size="large"
          disabled={!isReady}
          loading={create.isPending}
          onClick={() => create.mutate()}
        >
          {t('submit')}
        </Button>
        <Button size="large" onClick={control.clear}>
          {t('startOver')}
        </Button>
      </div>
    </div>
  )
}
