import { useTranslation } from 'react-i18next'
import { GROUPS, runs } from '../residues'
import styles from './Residues.module.css'

/** A sequence in colours by what its residues are; the letters say the same. */
export function Residues({ sequence }: { sequence: string }) {
  let at = 0
  return (
    <code className={styles.residues}>
      {runs(sequence).map(({ group, text }) => {
        const key = at
        at += text.length
        return (
          <span key={key} className={group ? styles[group] : undefined}>
            {text}
          </span>
        )
      })}
    </code>
  )
}

export function ResidueLegend() {
  const { t } = useTranslation('data')
  return (
    <ul className={styles.legend} aria-label={t('records.legend')}>
      {GROUPS.map((group) => (
        <li key={group} className={styles[group]}>
          {t(`residue.${group}`)}
        </li>
      ))}
    </ul>
  )
}
