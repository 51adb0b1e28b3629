import { describe, expect, it } from 'vitest'
import { words as en } from '@/shared/i18n/en'
import { words as zh } from '@/shared/i18n/zh'

type Tree = { [key: string]: string | Tree }

function leaves(tree: Tree, prefix = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + key, value)
    else for (const [inner, text] of leaves(value, `${prefix}${key}.`)) found.set(inner, text)
  }
  return found
}

const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()
const english = leaves(en as Tree)
const chinese = leaves(zh as Tree)

describe('words', () => {
  it('are there in both languages', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it.each([...english.keys()])('%s has text, with the same holes in both', (key) => {
    const [one, other] = [english.get(key) ?? '', chinese.get(key) ?? '']
    expect(one.trim()).not.toBe('')
    expect(other.trim()).not.toBe('')
    expect(holes(other)).toEqual(holes(one))
  })

  it('have no English left in the Chinese ones', () => {
    const known = /\{\{\w+\}\}|\b(GPU|CPU|API|MLflow)\b/g
    const latin = [...chinese].filter(
      ([, text]) => !/[\u4e00-\u9fff]/.test(text) && /[a-z]{3,}/i.test(text.replace(known, '')),
    )
    const names = ['common.appName', 'common.language.en']
    expect(latin.map(([key]) => key).filter((key) => !names.includes(key))).toEqual([])
  })
})
