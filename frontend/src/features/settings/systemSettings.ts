import type { SystemSettings } from '@/shared/api/wire'

const GIB = 1024 ** 3
const HOUR = 3600
const DAY = 24 * HOUR

export type SettingKey = Exclude<keyof SystemSettings, 'default_quota'>

interface Group {
  name: 'heartbeats' | 'space' | 'trash' | 'order' | 'quarantine'
  /** Each with how many of the master's units make one of those shown. */
  settings: readonly (readonly [SettingKey, number])[]
}

export const GROUPS: readonly Group[] = [
  {
    name: 'heartbeats',
    settings: [
      ['heartbeat_seconds', 1],
      ['suspect_seconds', 1],
      ['lease_seconds', 1],
      ['claim_seconds', 1],
    ],
  },
  {
    name: 'space',
    settings: [
      ['max_upload_bytes', GIB],
      ['max_log_bytes', GIB],
      ['checkpoint_bytes', GIB],
      ['min_free_bytes', GIB],
    ],
  },
  { name: 'trash', settings: [['trash_days', 1]] },
  {
    name: 'order',
    settings: [
      ['fair_share', 1],
      ['fair_share_half_life_seconds', DAY],
      ['cpus_per_gpu', 1],
      ['aging_seconds', HOUR],
      ['backfill', 1],
      ['reservations', 1],
      ['preemption', 1],
    ],
  },
  {
    name: 'quarantine',
    settings: [
      ['quarantine_failures', 1],
      ['quarantine_window_seconds', HOUR],
    ],
  },
]

export type Shown = Partial<Record<SettingKey, number | boolean>>

const UNITS = new Map(GROUPS.flatMap(({ settings }) => settings))

/** The master's values in the units that people think in. */
export function shownOf(values: SystemSettings): Shown {
  return Object.fromEntries(
    [...UNITS].map(([key, unit]) => {
      const value = values[key]
      return [key, typeof value === 'boolean' ? value : Number(value) / unit]
    }),
  )
}

/** Back again; bytes are whole. */
export function settingsOf(shown: Shown): Partial<SystemSettings> {
  return Object.fromEntries(
    Object.entries(shown).map(([key, value]) => {
      if (typeof value === 'boolean') return [key, value]
      const exact = value * (UNITS.get(key as SettingKey) ?? 1)
      return [key, key.endsWith('_bytes') ? Math.round(exact) : exact]
    }),
  )
}
