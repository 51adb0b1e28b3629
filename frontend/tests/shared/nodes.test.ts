import { describe, expect, it } from 'vitest'
import { withNews } from '@/shared/api/nodes'
import type { NodeView } from '@/shared/api/wire'

const node = (id: string, name = id) => ({ id, name }) as NodeView

describe('the list of nodes', () => {
  it('takes changed ones in their place, new ones by name, and lets go of those that left', () => {
    const known = [node('a'), node('b'), node('c')]
    const changed = { ...node('b'), cpus_free: 3 }
    expect(withNews(known, new Map([['b', changed]]))).toEqual([node('a'), changed, node('c')])
    expect(withNews(known, new Map([['x', node('x', 'bb')]])).map((one) => one.name)).toEqual(['a', 'b', 'bb', 'c'])
    expect(withNews(known, new Map([['a', {} as NodeView]])).map((one) => one.id)).toEqual(['b', 'c'])
  })
})
