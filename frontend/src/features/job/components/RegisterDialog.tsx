import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { AutoComplete, Form, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { jobKey } from '@/shared/api/jobs'
import { type JobDetail, listModels, registerModelVersion } from '@/shared/api/wire'
import { ErrorState } from '@/shared/ui/states'

/** A new version of a model that exists, or a new model: one types or picks its name. */
export function RegisterDialog({ job, onClose }: { job: JobDetail; onClose: () => void }) {
  const { t } = useTranslation(['job', 'common'])
  const client = useQueryClient()
  const [name, setName] = useState(job.register_as ?? '')
  const models = useQuery({ queryKey: ['models'], queryFn: ({ signal }) => listModels({ signal }) })
  const register = useMutation({
    mutationFn: () => registerModelVersion(name.trim(), { job_id: job.id }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['models'] })
      void client.invalidateQueries({ queryKey: jobKey(job.id) })
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t('register.title')}
      okText={t('register.ok')}
      cancelText={t('common:action.cancel')}
      okButtonProps={{ disabled: !name.trim() }}
      confirmLoading={register.isPending}
      onOk={() => register.mutate()}
      onCancel={onClose}
    >
      <Form layout="vertical">
        <Form.Item label={t('register.name')} extra={t('register.hint')} htmlFor="register-name">
          <AutoComplete
            id="register-name"
            value={name}
            onChange={setName}
            options={(models.data ?? []).map((model) => ({ value: model.name }))}
            showSearch={{ filterOption: (typed, option) => String(option?.value).includes(typed) }}
          />
        </Form.Item>
      </Form>
      {register.error && <ErrorState error={register.error} />}
    </Modal>
  )
}
