import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ColumnNames } from '@/shared/api/wire'
import { Answered } from '@/shared/ui/states'
import { type Head, readHead } from './head'
import styles from './Upload.module.css'

export const ROLES = ['sequence', 'variant', 'target', 'set', 'id', 'validation', 'mask'] as const
export type Columns = Pick<ColumnNames, (typeof ROLES)[number]>

interface Props {
  file: File
  columns: Columns
  onChange: (columns: Columns) => void
}

/** Which column holds what. None has to be chosen: the master finds the usual names by itself. */
export function ColumnMapping({ file, columns, onChange }: Props) {
  const head = useQuery({
    queryKey: ['table-head', file.name, file.size, file.lastModified],
    queryFn: () => readHead(file),
    retry: false,
  })
  return <Answered query={head}>{(found) => <Mapping head={found} columns={columns} onChange={onChange} />}</Answered>
}

function Mapping({ head, columns, onChange }: { head: Head } & Omit<Props, 'file'>) {
  const { t } = useTranslation('data')
  return (
    <fieldset className={styles.mapping}>
      <legend>{t('columns.title')}</legend>
      <p className="px-muted">{t('columns.hint')}</p>
      <div className={styles.roles}>
        {ROLES.map((role) => (
          <div key={role}>
            <label htmlFor={`column-${role}`}>{t(`columns.${role}`)}</label>
            <Select
              id={`column-${role}`}
              allowClear
              showSearch
              placeholder={t('columns.auto')}
              value={columns[role] ?? undefined}
              options={head.columns.map((value) => ({ value, label: value }))}
              onChange={(name: string | undefined) => onChange({ ...columns, [role]: name ?? null })}
            />
          </div>
        ))}
      </div>
      <Preview head={head} />
    </fieldset>
  )
}

function Preview({ head }: { head: Head }) {
  const { t } = useTranslation('data')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must reach that
    <section className={styles.preview} tabIndex={0} aria-label={t('columns.preview')}>
      <table>
        <thead>
          <tr>
            {head.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {head.rows.map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name
            <tr key={line}>
              {row.map((field, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: nor have its fields
                <td key={column}>{field.length > 24 ? `${field.slice(0, 22)}…` : field}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
