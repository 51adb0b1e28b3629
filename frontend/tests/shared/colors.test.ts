import { describe, expect, it } from 'vitest'
import { type Mode, PALETTES, SERIES, SOFT, type Tone } from '@/shared/theme/colors'

/** WCAG 2: relative luminance and contrast. */
function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  const [r, g, b] = channels.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

describe.each(['light', 'dark'] as Mode[])('the %s palette', (mode) => {
  const colors = PALETTES[mode]
  const backgrounds = ['page', 'surface', 'raised', 'accentSoft'] as const
  const texts = ['text', 'muted', 'accent', 'good', 'warn', 'bad', 'info'] as const

  it.each(texts.flatMap((text) => backgrounds.map((back) => [text, back] as const)))(
    '%s can be read on %s',
    (text, back) => {
      expect(contrast(colors[text], colors[back])).toBeGreaterThanOrEqual(4.5)
    },
  )

  it.each(Object.keys(SOFT[mode]) as Tone[])('whole messages that are %s can be read', (tone) => {
    for (const text of ['text', 'muted', 'accent', tone] as const) {
      expect(contrast(colors[text], SOFT[mode][tone].back)).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('has readable buttons', () => {
    for (const back of [colors.accent, colors.accentHover]) {
      expect(contrast(colors.onAccent, back)).toBeGreaterThanOrEqual(4.5)
    }
  })

  it.each(SERIES[mode])('shows the curve %s', (series) => {
    expect(contrast(series, colors.surface)).toBeGreaterThanOrEqual(3)
  })
})
