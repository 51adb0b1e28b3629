import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { SweepCreate } from '@/shared/api/wire'
import { ErrorState } from '@/shared/ui/states'
import type { useCreateSweep } from '../api/useCreateSweep'
import type { DraftControl } from '../useDraft'

interface Props {
  request: SweepCreate
  isReady: boolean
  create: ReturnType<typeof useCreateSweep>
  control: DraftControl
}

/** Starts the sweep; the master tries each value of the space in the config before anything runs. */
export function SubmitSweep({ request, isReady, create, control }: Props) {
  const { t } = useTranslation('newJob')
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const start = () =>
    create.mutate(request, {
      onSuccess: async (sweep) => {
        control.clear()
        void message.success(t('sweep.made', { name: sweep.name }))
        await client.invalidateQueries({ queryKey: ['sweeps'] })
        await navigate({ to: '/sweeps/$sweepId', params: { sweepId: sweep.id } })
      },
    })
  return (
    <div className="px-stack">
      {create.error && <ErrorState error={create.error} />}
      {!isReady && <p className="px-muted">{t('sweep.noKey')}</p>}
      <div className="px-row">
        <Button type="primary" size="large" disabled={!isReady} loading={create.isPending} onClick={start}>
          {t('sweep.submit')}
        </Button>
        <Button size="large" onClick={control.clear}>
          {t('startOver')}
        </Button>
      </div>
    </div>
  )
}
