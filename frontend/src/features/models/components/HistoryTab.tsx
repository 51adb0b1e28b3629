import { useQuery } from '@tanstack/react-query'
import { Button, Popover } from 'antd'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AliasMove, ModelVersionView, ModelView } from '@/shared/api/wire'
import { mayChange, useUser } from '@/shared/session/session'
import { type Column, DataTable } from '@/shared/ui/DataTable'
import { Answered, EmptyState } from '@/shared/ui/states'
import { TimeAgo } from '@/shared/ui/TimeAgo'
import { movesQuery } from '../api/modelQueries'
import { AliasDialog } from './AliasDialog'
import { GateChecks } from './GateChecks'

interface Props {
  model: ModelView
  versions: ModelVersionView[]
}

/** Who moved which alias when and why; a move that still stands can be taken back. */
export function HistoryTab({ model, versions }: Props) {
  const { t } = useTranslation('models')
  const isOwn = mayChange(useUser(), model.owner ?? '')
  const moves = useQuery(movesQuery(model.name))
  const [back, setBack] = useState<{ alias: string; version: ModelVersionView } | null>(null)
  const previous = (move: AliasMove) =>
    model.aliases?.[move.alias] === move.version ? versions.find((one) => one.version === move.previous) : undefined
  const columns: Column<AliasMove>[] = [
    { key: 'when', title: t('history.when'), render: (move) => <TimeAgo at={move.at} /> },
    { key: 'alias', title: t('history.alias'), isName: true, render: (move) => move.alias },
    { key: 'move', title: t('history.move'), render: (move) => moveText(move, t) },
    { key: 'who', title: t('history.who'), render: (move) => move.actor },
    { key: 'why', title: t('history.why'), render: (move) => move.reason || '–' },
    { key: 'gate', title: t('gate.title'), render: (move) => <GateOf move={move} /> },
    {
      key: 'back',
      title: t('history.back'),
      render: (move) => {
        const version = previous(move)
        if (!isOwn || !version) return '–'
        return (
          <Button size="small" onClick={() => setBack({ alias: move.alias, version })}>
            {t('alias.back', { n: version.version })}
          </Button>
        )
      },
    },
  ]
  return (
    <Answered query={moves}>
      {(rows) => (
        <>
          {rows.length === 0 ? (
            <EmptyState text={t('history.empty')} />
          ) : (
            <DataTable<AliasMove>
              label={t('tab.history')}
              columns={columns}
              rows={rows}
              rowKey={(move) => `${move.at}${move.alias}`}
              rowName={(move) => move.alias}
            />
          )}
          {back && <AliasDialog model={model} versions={versions} {...back} onClose={() => setBack(null)} />}
        </>
      )}
    </Answered>
  )
}

/** How the move came past the gate; what it found is a click away. */
function GateOf({ move: { checks = [], forced, rolled_back } }: { move: AliasMove }) {
  const { t } = useTranslation('models')
  if (rolled_back) return t('gate.back')
  if (checks.length === 0) return '–'
  return (
    <Popover trigger="click" content={<GateChecks checks={checks} />}>
      <Button size="small" type="text">
        {t(forced ? 'gate.forced' : 'gate.through')}
      </Button>
    </Popover>
  )
}

function moveText({ version, previous }: AliasMove, t: TFunction<'models'>): string {
  if (version === null) return t('history.gone', { from: previous })
  return previous === null ? t('history.first', { to: version }) : t('history.to', { from: previous, to: version })
}
