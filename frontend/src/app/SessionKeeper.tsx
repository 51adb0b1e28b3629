import { useQueryClient } from '@tanstack/react-query'
import { Modal } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { onUnauthorized } from '@/shared/api/request'
import type { UserView } from '@/shared/api/wire'
import { live } from '@/shared/live/page'
import { sessionQuery } from '@/shared/session/session'
import { Loading } from '@/shared/ui/states'

// Most visits never see it, so its form is not in the first load.
const SignInForm = lazy(() => import('@/features/session/components/SignInForm'))

/** When a sign-in ends while somebody works, asks for it over the page they are on: nothing they typed is lost. */
export function SessionKeeper() {
  const { t } = useTranslation('session')
  const client = useQueryClient()
  const [expired, setExpired] = useState<UserView | null>(null)

  useEffect(
    () =>
      onUnauthorized(() => {
        const user = client.getQueryData(sessionQuery.queryKey)
        if (!user) return
        live.pause()
        setExpired(user)
      }),
    [client],
  )

  const goOn = (user: UserView) => {
    if (user.id !== expired?.id) {
      location.reload() // what the page holds is another person's
      return
    }
    setExpired(null)
    live.resume()
    void client.invalidateQueries()
  }

  return (
    <Modal
      open={expired !== null}
      title={t('expired')}
      footer={null}
      closable={false}
      mask={{ closable: false }}
      destroyOnHidden
    >
      <p>{t('expiredHint')}</p>
      <Suspense fallback={<Loading rows={3} />}>
        <SignInForm onDone={goOn} name={expired?.name} />
      </Suspense>
    </Modal>
  )
}
