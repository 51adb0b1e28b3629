import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNodes } from '@/shared/api/nodes'
import { type NodeView, Role } from '@/shared/api/wire'
import { useUser } from '@/shared/session/session'
import { DataTable } from '@/shared/ui/DataTable'
import { JoinDialog } from '@/shared/ui/JoinDialog'
import { PageHeader } from '@/shared/ui/PageHeader'
import { Answered, EmptyState } from '@/shared/ui/states'
import { nodeColumns } from '../components/nodeColumns'

export default function NodesPage() {
  const { t } = useTranslation(['nodes', 'common'])
  const nodes = useNodes()
  const user = useUser()
  const navigate = useNavigate()
  const [joining, setJoining] = useState(false)
  const columns = useMemo(() => nodeColumns(t), [t])
  const add = user.role === Role.admin && <Button onClick={() => setJoining(true)}>{t('add')}</Button>
  return (
    <>
      <PageHeader title={t('title')} actions={add} />
      <Answered query={nodes}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState text={t('empty')}>{add}</EmptyState>
          ) : (
            <DataTable<NodeView>
              label={t('title')}
              columns={columns}
              rows={rows}
              rowKey={(node) => node.id}
              rowName={(node) => node.name}
              onOpen={(node) => void navigate({ to: '/nodes/$nodeId', params: { nodeId: node.id } })}
            />
          )
        }
      </Answered>
      {joining && <JoinDialog onClose={() => setJoining(false)} />}
    </>
  )
}
