import i18next, { type TFunction } from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Explain, Words } from '@/shared/api/wire'
import type toldWords from './locales/en/told.json'

type Phrase = keyof typeof toldWords.phrase
type Level = keyof typeof toldWords.level
type Filled = Record<string, string>

/** Said each time: whoever calls may speak of several namespaces. */
const NAMESPACE = 'told'

export type Say = (words: Words | null | undefined, text: string, filled?: Filled) => string

/** How near a test set is to the training set, as the training library puts it. */
export function levelWord(level: string, t: TFunction<'told'>): string {
  return t(`level.${level as Level}`, { ns: NAMESPACE, defaultValue: level })
}

/** The master's sentence in the reader's language; its own English one where the portal does not know all of it. */
export function sentence(
  words: Words | null | undefined,
  text: string,
  t: TFunction<'told'>,
  filled: Filled = {},
): string {
  return words && isKnown(words) ? render(words, t, filled) : text
}

function isKnown(words: Words): boolean {
  const nested = Object.values(words.params ?? {}).filter((value) => typeof value !== 'string')
  return i18next.exists(`told:phrase.${words.code}`) && nested.every(isKnown)
}

function render(words: Words, t: TFunction<'told'>, filled: Filled): string {
  const params = Object.entries(words.params ?? {}).map(([name, value]) => {
    return [name, typeof value === 'string' ? named(name, value, t) : render(value, t, {})]
  })
  return t(`phrase.${words.code as Phrase}`, { ...Object.fromEntries(params), ...filled, ns: NAMESPACE })
}

/** Of these the master gives the name that programs use. */
const NAMED: ReadonlySet<string> = new Set(['level', 'kind', 'meaning', 'role'])

function named(param: string, value: string, t: TFunction<'told'>): string {
  return NAMED.has(param) ? t(`${param as 'level'}.${value as Level}`, { ns: NAMESPACE, defaultValue: value }) : value
}

export function useSay(): Say {
  const { t } = useTranslation('told')
  return useCallback((words, text, filled) => sentence(words, text, t, filled), [t])
}

const NODES_TOLD = 3

interface Explained {
  summary: string
  /** Each node's name and its own reason. */
  nodes: [string, string][]
  /** The summary is a list of those reasons. */
  isListed: boolean
}

/** Why a job is not running, the nodes' reasons within. */
export function useExplained(): (explain: Explain) => Explained {
  const say = useSay()
  return (explain) => {
    const nodes = Object.entries(explain.nodes ?? {}).map(([name, reason]): [string, string] => [
      name,
      say(explain.node_words?.[name], reason),
    ])
    const lacking = nodes.slice(0, NODES_TOLD).map(([name, reason]) => `${name} ${reason}`)
    const isListed = explain.words?.code.startsWith('no_room') ?? false
    const summary = say(explain.words, explain.summary, isListed ? { nodes: lacking.join('; ') } : {})
    return { summary, nodes, isListed }
  }
}
