import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { safeNext } from '@/shared/session/next'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Doorstep } from '../components/Doorstep'
import SignInForm from '../components/SignInForm'

export default function SignInPage() {
  const { t } = useTranslation('session')
  const navigate = useNavigate()
  const { next } = useSearch({ from: '/sign-in' })
  return (
    <Doorstep>
      <PageHeader title={t('signIn')} />
      <p>{t('intro')}</p>
      <SignInForm onDone={() => void navigate({ to: safeNext(next), replace: true })} />
    </Doorstep>
  )
}
