import { useSyncExternalStore } from 'react'
import type { Mode } from './colors'

export const CHOICES = ['system', 'light', 'dark'] as const
export type Choice = (typeof CHOICES)[number]

const STORED = 'proteinx.theme'
const system = window.matchMedia('(prefers-color-scheme: dark)')
const watchers = new Set<() => void>()

function stored(): Choice {
  const value = localStorage.getItem(STORED)
  return value === 'light' || value === 'dark' ? value : 'system'
}

let choice = stored()

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  system.addEventListener('change', watcher)
  return () => {
    watchers.delete(watcher)
    system.removeEventListener('change', watcher)
  }
}

function mode(): Mode {
  if (choice !== 'system') return choice
  return system.matches ? 'dark' : 'light'
}

export function chooseTheme(next: Choice): void {
  choice = next
  localStorage.setItem(STORED, next)
  for (const watcher of watchers) watcher()
}

export function useThemeChoice(): Choice {
  return useSyncExternalStore(watch, () => choice)
}

export function useMode(): Mode {
  return useSyncExternalStore(watch, mode)
}
