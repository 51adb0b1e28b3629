import type { TFunction } from 'i18next'
import type told from '@/shared/i18n/locales/en/told.json'
import type { Report } from './report'

type Note = keyof typeof told.note

/** How the intervals were drawn. */
export function noteText({ note, note_code, note_params }: Report['intervals'], t: TFunction<'told'>): string {
  return note_code ? t(`note.${note_code as Note}`, { ...note_params, defaultValue: note }) : note
}

/** A class of test rows by how far they are from the training set, read off its stable name. */
export function binText({ name, label }: Report['by_identity'][number], t: TFunction<'job'>): string {
  const [, low, high] = /^identity_(\d+)_(\d+)$/.exec(name) ?? []
  if (low && high) return t('evaluation.identity', { low, high })
  const [, residues] = /^(\d+)_from_training$/.exec(name) ?? []
  return residues ? t('evaluation.residues', { n: residues }) : label
}
