import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { cloneJob, createJob, type JobDetail } from '@/shared/api/wire'
import { CodeBlock } from '@/shared/ui/CopyButton'
import { ErrorState } from '@/shared/ui/states'
import { REPRODUCES, repetition } from '../reproduction'

/** Runs the job again from its pins, tells how to have both judged, and how to take it away as a capsule. */
export function ReproduceDialog({ job, onClose }: { job: JobDetail; onClose: () => void }) {
  const { t } = useTranslation(['job', 'common'])
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const again = useMutation({
    mutationFn: async () => createJob(repetition(job, await cloneJob(job.id))),
    onSuccess: async (made) => {
      void message.success(t('action.retried', { name: made.name }))
      await client.invalidateQueries({ queryKey: ['jobs'] })
      await navigate({ to: '/jobs/$jobId', params: { jobId: made.id } })
    },
  })
  const first = job.tags[REPRODUCES]
  const id = job.id.slice(0, 12)
  return (
    <Modal
      open
      title={t('reproduce.title')}
      okText={t('reproduce.again')}
      cancelText={t('common:action.cancel')}
      confirmLoading={again.isPending}
      onOk={() => again.mutate()}
      onCancel={onClose}
    >
      <div className="px-stack">
        <p style={{ margin: 0 }}>{t('reproduce.pins')}</p>
        {first && (
          <div>
            <p style={{ margin: '0 0 4px' }}>
              {t('reproduce.repeats')}{' '}
              <Link to="/compare" search={{ jobs: [first, job.id] }}>
                {t('reproduce.compare')}
              </Link>
            </p>
            <CodeBlock label={t('reproduce.judge')} text={`px reproduce ${first.slice(0, 12)} --with ${id}`} />
          </div>
        )}
        <div>
          <p style={{ margin: '0 0 4px' }}>{t('reproduce.judgeHint')}</p>
          <CodeBlock label={t('reproduce.judge')} text={`px reproduce ${id}`} />
        </div>
        <div>
          <p style={{ margin: '0 0 4px' }}>{t('reproduce.capsuleHint')}</p>
          <CodeBlock label={t('reproduce.capsule')} text={`px export ${id}`} />
        </div>
        {again.error && <ErrorState error={again.error} />}
      </div>
    </Modal>
  )
}
