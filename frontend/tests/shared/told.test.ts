import i18next from 'i18next'
import { beforeEach, describe, expect, it } from 'vitest'
import { startI18n } from '@/shared/i18n'
import { sentence } from '@/shared/i18n/told'

const lost = { code: 'node_silent', params: { node: 'vm', seconds: '120' } }

describe('a sentence of the master', () => {
  beforeEach(async () => {
    await startI18n('zh')
  })
  const say = (words: Parameters<typeof sentence>[0], text: string, filled = {}) =>
    sentence(words, text, i18next.getFixedT('zh', 'told'), filled)

  it("is said in the reader's language, with sentences within it", () => {
    const words = { code: 'of_rank', params: { rank: '1', reason: lost } }
    expect(say(words, 'rank 1: vm was silent for 120 s')).toBe('成员 1：vm 已 120 秒没有回应')
  })

  it('stays as the master has it where the portal does not know all of it', () => {
    expect(say(null, 'Traceback')).toBe('Traceback')
    expect(say({ code: 'of_a_newer_master', params: {} }, 'It is new.')).toBe('It is new.')
    const words = { code: 'of_rank', params: { rank: '1', reason: { code: 'of_a_newer_master', params: {} } } }
    expect(say(words, 'rank 1: It is new.')).toBe('rank 1: It is new.')
  })

  it('is found whatever else the page speaks of', () => {
    const t = i18next.getFixedT('zh', ['common', 'told']) as unknown as Parameters<typeof sentence>[2]
    expect(sentence({ code: 'exit_code', params: { exit_code: '3' } }, '', t)).toBe('退出码 3')
  })

  it('may be filled by what the page knows better', () => {
    const words = { code: 'no_room', params: { position: '1', waiting: '2', nodes: 'vm is draining' } }
    expect(say(words, '', { nodes: 'vm 正在排空' })).toContain('vm 正在排空')
  })

  it('says where in a file something is wrong, and what', () => {
    const reason = { code: 'column_missing', params: { column: 'seq', meaning: 'sequence', columns: 'a, b' } }
    const words = { code: 'on_line', params: { line: '1', reason } }
    expect(say(words, '')).toBe('第 1 行：没有作为“序列”的列“seq”。现有各列：a, b。')
  })

  it('names how near a test set is', () => {
    expect(say({ code: 'gate_level', params: { level: 'none found' } }, '')).toBe('测试集：未发现近缘序列')
  })
})
