import { oneOf } from '@/shared/searchParams'

export const SETTINGS_TABS = [
  'account',
  'tokens',
  'notifications',
  'workdir',
  'people',
  'machines',
  'system',
  'retention',
  'audit',
] as const

export interface SettingsSearch {
  tab?: (typeof SETTINGS_TABS)[number] | undefined
}

export function settingsSearch(raw: Record<string, unknown>): SettingsSearch {
  return { tab: oneOf(raw, 'tab', SETTINGS_TABS) }
}
