import { SERIES } from '@/shared/theme/colors'
import { useMode } from '@/shared/theme/mode'
import styles from './Compare.module.css'

/** A column's head per run, in the run's colour. */
export function RunHeads({ names }: { names: string[] }) {
  const colors = SERIES[useMode()]
  return names.map((name, index) => (
    <th key={name} scope="col">
      <span className={styles.swatch} style={{ background: colors[index % colors.length] }} aria-hidden />
      {name}
    </th>
  ))
}
