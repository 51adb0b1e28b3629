// The one file of colours. Every text/background pair reaches WCAG AA (4.5:1); tests/theme.test.ts computes it.

export type Mode = 'light' | 'dark'

export interface Palette {
  page: string
  surface: string
  raised: string
  border: string
  text: string
  muted: string
  accent: string
  /** Of a button under the pointer. */
  accentHover: string
  onAccent: string
  accentSoft: string
  good: string
  warn: string
  bad: string
  info: string
}

export const PALETTES: Record<Mode, Palette> = {
  light: {
    page: '#f5f6f8',
    surface: '#ffffff',
    raised: '#ffffff',
    border: '#d5d9e0',
    text: '#1b2130',
    muted: '#566074',
    accent: '#0958d9',
    accentHover: '#0a4cb8',
    onAccent: '#ffffff',
    accentSoft: '#e6f0ff',
    good: '#0b6b3a',
    warn: '#8a4b00',
    bad: '#b3161b',
    info: '#0958d9',
  },
  dark: {
    page: '#12151b',
    surface: '#191d25',
    raised: '#222732',
    border: '#343b49',
    text: '#e6e9ef',
    muted: '#a4adbd',
    accent: '#69b1ff',
    accentHover: '#91c8ff',
    onAccent: '#0b1524',
    accentSoft: '#16283f',
    good: '#5fd08f',
    warn: '#f0b45a',
    bad: '#ff8a80',
    info: '#69b1ff',
  },
}

/** Okabe and Ito's colours, which people with a colour vision deficiency tell apart; darker or lighter where AA asks for it. */
export const SERIES: Record<Mode, readonly string[]> = {
  light: ['#0072b2', '#c24e00', '#007a5a', '#a8477f', '#8a6d00', '#2f7fb0', '#444b58', '#b3161b'],
  dark: ['#56b4e9', '#e69f00', '#2fc295', '#e08bbf', '#f0e442', '#7cc4ff', '#c8cfda', '#ff8a80'],
}

export type Tone = 'good' | 'warn' | 'bad' | 'info'

/** Behind whole messages, with their borders: the component kit's own, made from our dark tones, would be grey. */
export const SOFT: Record<Mode, Record<Tone, { back: string; border: string }>> = {
  light: {
    good: { back: '#e6f6ec', border: '#9ed3b3' },
    warn: { back: '#fff4e0', border: '#e3bd83' },
    bad: { back: '#fdecec', border: '#efb0b2' },
    info: { back: '#e6f0ff', border: '#a9c7f5' },
  },
  dark: {
    good: { back: '#14291d', border: '#2f6b48' },
    warn: { back: '#2e2413', border: '#7a5c2a' },
    bad: { back: '#331b1b', border: '#8a4340' },
    info: { back: '#16283f', border: '#2f5788' },
  },
}
