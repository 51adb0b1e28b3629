import { type Mode, PALETTES } from '@/shared/theme/colors'

/** Quiet axes and a tooltip that fits the theme: what all charts share. */
export function axisStyle(mode: Mode) {
  const colors = PALETTES[mode]
  return {
    axisLine: { lineStyle: { color: colors.border } },
    axisLabel: { color: colors.muted, hideOverlap: true },
    splitLine: { lineStyle: { color: colors.border, opacity: 0.6 } },
    nameTextStyle: { color: colors.muted },
  }
}

export function tooltipStyle(mode: Mode) {
  const colors = PALETTES[mode]
  return {
    backgroundColor: colors.raised,
    borderColor: colors.border,
    textStyle: { color: colors.text, fontSize: 12 },
    confine: true,
  }
}
