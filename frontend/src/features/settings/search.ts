import { oneOf } from '@/shared/searchParams'

export const SETTINGS_TABS = ['workdir', 'people', 'tokens', 'nodes', 'system', 'audit'] as const

export interface SettingsSearch {
  tab?: (typeof SETTINGS_TABS)[number] | undefined
}

export function settingsSearch(raw: Record<string, unknown>): SettingsSearch {
  return { tab: oneOf(raw, 'tab', SETTINGS_TABS) }
}
