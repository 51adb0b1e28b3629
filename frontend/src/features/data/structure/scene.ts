import { createViewer, type GLViewer, SurfaceType } from '3dmol'
import { SERIES } from '@/shared/theme/colors'

export const DRAWINGS = ['cartoon', 'stick', 'sphere', 'surface'] as const
export const COLORINGS = ['byChain', 'bySecondary', 'byPosition', 'byBfactor', 'byConfidence'] as const
export type Drawing = (typeof DRAWINGS)[number]
export type Coloring = (typeof COLORINGS)[number]

interface Look {
  drawing: Drawing
  coloring: Coloring
  chain: string | null
  background: string
}

interface Atom {
  chain?: string
  ss?: string
  b?: number
  elem?: string
}

const STEP = 15
const ZOOM = 1.15
const TURNS: Record<string, [number, string]> = {
  ArrowLeft: [-STEP, 'y'],
  ArrowRight: [STEP, 'y'],
  ArrowUp: [-STEP, 'x'],
  ArrowDown: [STEP, 'x'],
}
const CHAINS = SERIES.dark
const SECONDARY: Record<string, string> = { h: '#b3161b', s: '#c29b00' }
/** The library takes a list of names, which its types don't say. */
const WATER = { resn: ['HOH', 'WAT', 'DOD'] as unknown as string }
const LOOP = '#7c8698'
/** AlphaFold's own colours of confidence, best first. */
const CONFIDENCE: readonly [number, string][] = [
  [90, '#0053d6'],
  [70, '#65cbf3'],
  [50, '#ffdb13'],
  [0, '#ff7d45'],
]

/** The one place that speaks to the 3D library. */
export class Scene {
  private readonly viewer: GLViewer
  private readonly chains: string[]
  private readonly observer: ResizeObserver
  private shown: string | null | undefined

  /** Throws where there is no WebGL, or the text holds no atoms. */
  constructor(box: HTMLElement, text: string, format: 'pdb' | 'cif') {
    this.viewer = createViewer(box, { antialias: true, disableFog: true })
    const model = this.viewer.addModel(text, format, { assignBonds: true })
    const atoms = model.selectedAtoms({}) as Atom[]
    this.chains = [...new Set(atoms.map((atom) => atom.chain ?? ''))]
    this.observer = new ResizeObserver(() => this.viewer.resize())
    this.observer.observe(box)
  }

  draw({ drawing, coloring, chain, background }: Look): void {
    const { viewer } = this
    const chosen = chain === null ? {} : { chain }
    const colors = this.colors(coloring)
    viewer.setBackgroundColor(background, 1)
    viewer.removeAllSurfaces()
    viewer.setStyle({}, {})
    if (drawing === 'surface') {
      viewer.setStyle({ ...chosen, hetflag: false }, { cartoon: colors })
      void viewer.addSurface(SurfaceType.MS, { opacity: 0.85, ...colors }, { ...chosen, hetflag: false })
    } else {
      viewer.setStyle({ ...chosen, hetflag: false }, { [drawing]: colors })
    }
    viewer.setStyle({ ...chosen, hetflag: true, not: WATER }, { stick: { radius: 0.15 } })
    if (this.shown !== chain) viewer.zoomTo(chosen)
    this.shown = chain
    viewer.render()
  }

  reset(): void {
    this.viewer.zoomTo(this.shown ? { chain: this.shown } : {})
    this.viewer.render()
  }

  /** Turns or zooms; whether the key was one for that. */
  press(key: string): boolean {
    const turn = TURNS[key]
    if (turn) this.viewer.rotate(...turn)
    else if (key === '+' || key === '=') this.viewer.zoom(ZOOM)
    else if (key === '-') this.viewer.zoom(1 / ZOOM)
    else return false
    return true
  }

  close(): void {
    this.observer.disconnect()
    this.viewer.clear()
    this.viewer.getCanvas().remove()
  }

  private colors(coloring: Coloring): Record<string, unknown> {
    if (coloring === 'byPosition') return { color: 'spectrum' }
    if (coloring === 'byBfactor') return { colorscheme: { prop: 'b', gradient: 'roygb', min: 90, max: 0 } }
    const colorOf: Record<Exclude<Coloring, 'byPosition' | 'byBfactor'>, (atom: Atom) => string> = {
      byChain: (atom) => CHAINS[this.chains.indexOf(atom.chain ?? '') % CHAINS.length] ?? LOOP,
      bySecondary: (atom) => SECONDARY[atom.ss ?? ''] ?? LOOP,
      byConfidence: (atom) => CONFIDENCE.find(([least]) => (atom.b ?? 0) >= least)?.[1] ?? LOOP,
    }
    return { colorfunc: colorOf[coloring] }
  }
}
