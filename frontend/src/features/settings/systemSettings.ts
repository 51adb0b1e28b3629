import type { ServingSettings, SystemSettings } from '@/shared/api/wire'

const MIB = 1024 ** 2
const GIB = 1024 * MIB
const HOUR = 3600
const DAY = 24 * HOUR

/** As the master names a field, those of a part behind the part's name. */
export type SettingKey = Exclude<keyof SystemSettings, 'default_quota' | 'serving'> | `serving.${keyof ServingSettings}`

interface Group {
  name: 'heartbeats' | 'space' | 'trash' | 'order' | 'quarantine' | 'serving'
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
  {
    name: 'serving',
    settings: [
      ['serving.endpoints', 1],
      ['serving.idle_minutes', 1],
      ['serving.rest_seconds', 1],
      ['serving.sequences', 1],
      ['serving.residues', 1],
      ['serving.body_bytes', MIB],
      ['serving.per_endpoint', 1],
      ['serving.per_user', 1],
      ['serving.answer_seconds', 1],
      ['serving.gpus', 1],
      ['serving.cpus', 1],
      ['serving.memory', GIB],
    ],
  },
]

export type Shown = Partial<Record<SettingKey, number | boolean>>

const UNITS = new Map(GROUPS.flatMap(({ settings }) => settings))

const SERVING = 'serving.'
const BYTES = /(_bytes|\.memory)$/

export function settingIn(values: SystemSettings, key: SettingKey): unknown {
  if (key.startsWith(SERVING)) return values.serving?.[key.slice(SERVING.length) as keyof ServingSettings]
  return values[key as keyof SystemSettings]
}

/** The master's values in the units that people think in. */
export function shownOf(values: SystemSettings): Shown {
  return Object.fromEntries(
    [...UNITS].map(([key, unit]) => {
      const value = settingIn(values, key)
      return [key, typeof value === 'boolean' ? value : Number(value) / unit]
    }),
  )
}

/** The settings with what was typed; bytes are whole. */
export function settingsOf(values: SystemSettings, shown: Shown): SystemSettings {
  const given = Object.entries(shown).map(([key, value]): [string, number | boolean] => {
    if (typeof value === 'boolean') return [key, value]
    const exact = value * (UNITS.get(key as SettingKey) ?? 1)
    return [key, BYTES.test(key) ? Math.round(exact) : exact]
  })
  const serving = given
    .filter(([key]) => key.startsWith(SERVING))
    .map(([key, value]) => [key.slice(SERVING.length), value])
  return {
    ...values,
    ...Object.fromEntries(given.filter(([key]) => !key.startsWith(SERVING))),
    serving: { ...values.serving, ...Object.fromEntries(serving) },
  }
}
