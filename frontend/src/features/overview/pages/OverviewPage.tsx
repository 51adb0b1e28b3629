import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { healthQuery } from '@/shared/session/session'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered } from '@/shared/ui/states'
import { Parts } from '../components/Parts'

export default function OverviewPage() {
  const { t } = useTranslation('overview')
  const health = useQuery({ ...healthQuery, refetchInterval: 15_000 })
  return (
    <>
      <PageHeader title={t('title')} />
      <Answered query={health}>{(answer) => <Parts health={answer} />}</Answered>
    </>
  )
}
