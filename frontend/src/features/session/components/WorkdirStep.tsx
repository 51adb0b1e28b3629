import { useMutation, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setWorkdir } from '@/shared/api/wire'
import { workdirQuery } from '@/shared/session/workdir'
import { Answered, ErrorState } from '@/shared/ui/states'
import { WorkdirField } from '@/shared/ui/WorkdirField'

export function WorkdirStep({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('session')
  const present = useQuery(workdirQuery)
  const [typed, setTyped] = useState<string | null>(null)
  const [usable, setUsable] = useState(false)
  const set = useMutation({ mutationFn: (path: string) => setWorkdir({ path }), onSuccess: onDone })
  return (
    <Answered query={present}>
      {(workdir) => {
        const path = typed ?? workdir.path ?? ''
        const isNew = path !== workdir.path
        return (
          <div className="px-stack">
            <p>{t('setup.workdirIntro')}</p>
            <WorkdirField value={path} onChange={setTyped} onUsable={setUsable} isPresent={!isNew} />
            {set.error && <ErrorState error={set.error} />}
            <Button
              type="primary"
              block
              disabled={isNew && !usable}
              loading={set.isPending}
              onClick={() => (isNew ? set.mutate(path) : onDone())}
            >
              {isNew ? t('setup.useIt') : t('setup.keepIt')}
            </Button>
          </div>
        )
      }}
    </Answered>
  )
}
