import { useNavigate } from '@tanstack/react-router'
import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { focusSearch, type Hotkeys, useHotkeys } from '@/shared/ui/hotkeys'
import { PLACES } from './places'
import styles from './ShortcutsDialog.module.css'

/** The keys that work everywhere, and the list of all keys under `?`. */
export function ShortcutsDialog() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const navigate = useNavigate()
  const places: Hotkeys = Object.fromEntries(PLACES.map(({ key, to }) => [`g ${key}`, () => void navigate({ to })]))
  useHotkeys({
    ...places,
    c: () => void navigate({ to: '/jobs/new' }),
    '/': focusSearch,
    '?': () => setOpen(true),
  })
  const rows: [string[], string][] = [
    ...PLACES.map(({ key, name }): [string[], string] => [['g', key], t('shortcuts.go', { page: t(`nav.${name}`) })]),
    [['c'], t('shortcuts.newJob')],
    [['/'], t('shortcuts.search')],
    [['j', 'k'], t('shortcuts.rows')],
    [['x'], t('shortcuts.select')],
    [['Enter'], t('shortcuts.enter')],
    [['?'], t('shortcuts.open')],
  ]
  return (
    <Modal open={open} title={t('shortcuts.title')} footer={null} onCancel={() => setOpen(false)}>
      <dl className={styles.list}>
        {rows.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
