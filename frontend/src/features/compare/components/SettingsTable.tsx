import { useNavigate } from '@tanstack/react-router'
import { Input, Switch } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ComparedRun } from '@/shared/api/wire'
import { SEARCH_FIELD } from '@/shared/ui/hotkeys'
import { settings } from '../settings'
import styles from './Compare.module.css'
import { RunHeads } from './RunHeads'

interface Props {
  runs: ComparedRun[]
  names: string[]
  baseline: number
  showAll: boolean
}

/** What was set; where a run is not as the baseline, its value is marked. */
export function SettingsTable({ runs, names, baseline, showAll }: Props) {
  const { t } = useTranslation('compare')
  const navigate = useNavigate({ from: '/compare' })
  const [typed, setTyped] = useState('')
  const all = useMemo(() => settings(runs), [runs])
  const differing = all.filter(({ differs }) => differs)
  const shown = (showAll ? all : differing).filter(({ key }) => key.toLowerCase().includes(typed.toLowerCase()))
  return (
    <div>
      <h2>{t('settings')}</h2>
      <div className="px-filters" style={{ alignItems: 'center' }}>
        <Input
          {...SEARCH_FIELD}
          allowClear
          style={{ width: 220 }}
          placeholder={t('key')}
          aria-label={t('key')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Switch
          checked={showAll}
          aria-labelledby="equal-too"
          onChange={(on) => void navigate({ search: (before) => ({ ...before, all: on || undefined }), replace: true })}
        />
        <span id="equal-too">{t('equalToo')}</span>
        <span className="px-muted">{t('differing', { n: differing.length, total: all.length })}</span>
      </div>
      {shown.length === 0 ? (
        <p className="px-muted">{t('same')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must reach that
        <section className={styles.wide} tabIndex={0} aria-label={t('settings')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('key')}</th>
                <RunHeads names={names} />
              </tr>
            </thead>
            <tbody>
              {shown.map(({ key, values }) => (
                <tr key={key}>
                  <th scope="row">{key}</th>
                  {values.map((value, index) => (
                    <td key={names[index]} data-differs={value !== values[baseline] || undefined}>
                      {value ?? '–'}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  )
}
