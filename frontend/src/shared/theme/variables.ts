import type { Mode } from './colors'
import { PALETTES } from './colors'

/** Gives our own style sheets the palette as `--px-<name>`. */
export function applyPalette(mode: Mode): void {
  const root = document.documentElement
  root.dataset.theme = mode
  root.style.colorScheme = mode
  for (const [name, value] of Object.entries(PALETTES[mode])) {
    root.style.setProperty(`--px-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value)
  }
}
