import { describe, expect, it } from 'vitest'
import { settingsOf, shownOf } from '@/features/settings/systemSettings'
import type { SystemSettings } from '@/shared/api/wire'

const VALUES: SystemSettings = {
  heartbeat_seconds: 10,
  max_upload_bytes: 64 * 1024 ** 3,
  trash_days: 30,
  fair_share_half_life_seconds: 7 * 86_400,
  backfill: true,
  default_quota: { max_gpus: 3 },
  serving: { endpoints: 4, memory: 2 * 1024 ** 3, body_bytes: 1024 ** 2 },
}

describe("the system's settings", () => {
  it('are shown in the units that people think in', () => {
    const shown = shownOf(VALUES)
    expect(shown).toMatchObject({ heartbeat_seconds: 10, max_upload_bytes: 64, trash_days: 30, backfill: true })
    expect(shown).toMatchObject({ fair_share_half_life_seconds: 7, 'serving.endpoints': 4, 'serving.memory': 2 })
  })

  it('go back as the master has them, with what nobody can change here', () => {
    const shown = { trash_days: 7, max_upload_bytes: 0.3, backfill: false, 'serving.memory': 0.1, 'serving.cpus': 0.5 }
    const sent = settingsOf(VALUES, shown)
    expect(sent).toMatchObject({
      trash_days: 7,
      backfill: false,
      heartbeat_seconds: 10,
      default_quota: { max_gpus: 3 },
    })
    expect(sent.max_upload_bytes).toBe(Math.round(0.3 * 1024 ** 3))
    expect(sent.serving).toEqual({
      endpoints: 4,
      memory: Math.round(0.1 * 1024 ** 3),
      body_bytes: 1024 ** 2,
      cpus: 0.5,
    })
  })
})
