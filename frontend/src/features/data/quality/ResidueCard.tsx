import { useTranslation } from 'react-i18next'
import { localeTag } from '@/shared/i18n'
import { type Bar, Bars } from './Bars'
import { USUAL } from './background'
import styles from './Quality.module.css'

/** How often each residue occurs, beside what proteins have. */
export function ResidueCard({ residues }: { residues: Record<string, number> }) {
  const { t } = useTranslation('data')
  const counts = Object.entries(residues).filter(([letter]) => /[A-Z*]/.test(letter))
  const all = counts.reduce((sum, [, count]) => sum + count, 0)
  const format = new Intl.NumberFormat(localeTag(), { style: 'percent', maximumFractionDigits: 1 })
  const found = new Map(counts)
  const letters = [...Object.keys(USUAL), ...counts.map(([letter]) => letter).filter((letter) => !(letter in USUAL))]
  const bars = letters.map((letter): Bar => {
    const share = (found.get(letter) ?? 0) / Math.max(all, 1)
    const usual = USUAL[letter] ?? 0
    return {
      key: letter,
      label: letter,
      words: t('quality.residueBar', { letter, share: format.format(share), usual: format.format(usual) }),
      value: share,
      usual,
    }
  })
  return (
    <section className="px-card">
      <h2>{t('quality.residues')}</h2>
      <p className={`px-muted ${styles.hint}`}>{t('quality.residuesHint')}</p>
      <Bars label={t('quality.residues')} bars={bars} />
    </section>
  )
}
