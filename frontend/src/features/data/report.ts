import type { VersionView } from '@/shared/api/wire'

export interface Bin {
  start: number
  stop: number
  count: number
}

export interface Finding {
  code: string
  severity: 'error' | 'warning' | 'info'
  detail: string
  count: number
  lines: number[]
  /** What the detail says beside the code; reports of older releases have none. */
  params?: Record<string, string>
}

export interface Lengths {
  min: number
  max: number
  mean: number
  median: number
  p95: number
  histogram: Bin[]
}

export interface Labels {
  kind: 'numeric' | 'classes' | 'residue_classes'
  present: number
  missing: number
  numbers: { mean: number; std: number; median: number; histogram: Bin[] } | null
  classes: Record<string, number>
  distinct_classes: number
}

export interface Cleaned {
  read: number
  kept: number
  rules: { rule: string; count: number; lines: number[] }[]
}

/** The data library's quality report, as far as the portal shows it. */
export interface Report {
  kind: string
  lengths?: Lengths | null
  residues?: Record<string, number>
  sets?: Record<string, number>
  labels?: Labels | null
  variants?: {
    mutations: Record<string, number>
    first_position: number | null
    last_position: number | null
    stops: number
  } | null
  findings?: Finding[]
  cleaned?: Cleaned
}

/** The API hands the report on as it was written when the version was made, by whichever release that was. */
export function reportOf(version: VersionView): Report | null {
  return version.report as Report | null
}

export interface Lineage {
  job?: string
  project?: string
  entry_point?: string
  inputs?: Record<string, string>
}

export function lineageOf(version: VersionView): Lineage {
  return version.lineage as Lineage
}
