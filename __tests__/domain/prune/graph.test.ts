import { describe, expect, test } from 'vitest'

import { planPrune } from '../../../src/domain/prune/plan.ts'
import type { PrunePolicy } from '../../../src/domain/prune/policy.ts'
import {
  NOW,
  ago,
  artifact,
  decisions,
  digestOf,
  image,
  index,
  manifestDecisions,
  missing,
  policy,
  repository,
  subjectTag,
  unknown,
  writes,
} from './repository-dsl.ts'
import type { Content } from './repository-dsl.ts'

const plan = (content: Content, rules: PrunePolicy) => planPrune(repository(content), rules, NOW)
const families = (content: Content, rules: PrunePolicy) =>
  plan(content, rules).actions.map((action) => (action.kind === 'delete-manifest' ? action.family : -1))
const exclusive = (content: Content) =>
  Object.fromEntries(plan(content, policy()).tags.map(({ tag, exclusiveBytes }) => [tag, exclusiveBytes]))

describe('several referrers of one subject', () => {
  const content: Content = {
    tags: { v1: 'A 9d', latest: 'L' },
    manifests: { A: image(), L: image(), R: artifact('A'), S: artifact('A'), T: artifact('A') },
  }

  test('go with it, all after it, in one family', () => {
    const result = plan(content, policy({ tags: 'v1' }))
    expect(writes(result, 'A L R S T')).toEqual(['delete A', 'delete R', 'delete S', 'delete T'])
    expect(families(content, policy({ tags: 'v1' }))).toEqual([0, 0, 0, 0])
  })

  test('stay with it', () => {
    const rules = policy({ deleteUntagged: true, deleteOrphaned: true })
    const aged = Object.fromEntries(
      ['R', 'S', 'T'].map((name) => [name, artifact('A', { ages: [ago('90d')] })]),
    )
    const result = plan({ ...content, manifests: { ...content.manifests, ...aged } }, rules)
    expect(manifestDecisions(result, 'R S T')).toEqual({
      R: 'keep referrer-of',
      S: 'keep referrer-of',
      T: 'keep referrer-of',
    })
  })

  test('of which one has a tag, or is needed: it stays alone', () => {
    const tagged = { ...content, tags: { ...content.tags, sbom: 'S' } }
    expect(writes(plan(tagged, policy({ tags: 'v1' })), 'A L R S T')).toEqual([
      'delete A',
      'delete R',
      'delete T',
    ])
    const bundled = { ...content.manifests, L: index(['S']) }
    const needed = plan({ ...content, manifests: bundled }, policy({ tags: 'v1' }))
    expect(manifestDecisions(needed, 'R S')).toEqual({ R: 'delete referrer-of', S: 'keep child-of' })
  })
})

describe('a protected digest deep in an index', () => {
  const content: Content = {
    tags: { v1: 'O', v2: 'P', v3: 'Q' },
    manifests: {
      A: image(),
      B: image(),
      I: index(['A']),
      O: index(['I']),
      P: index(['O', 'B']),
      Q: index(['B']),
    },
  }

  test('keeps every index above it, at any height, and its own protection as the reason', () => {
    const result = plan(content, policy({ tags: '*', protect: ['A', 'I'] }))
    expect(decisions(result)).toEqual({ v1: 'keep protected', v2: 'keep protected', v3: 'delete expired' })
    const reasons = result.manifests.map(({ digest, decidedBy }) => [digest, 'rule' in decidedBy])
    expect(reasons).toEqual([
      [digestOf('A'), true],
      [digestOf('B'), false],
      [digestOf('I'), true],
      [digestOf('O'), false],
      [digestOf('P'), false],
      [digestOf('Q'), false],
    ])
  })

  test('that is not here protects nothing', () => {
    expect(decisions(plan(content, policy({ tags: '*', protect: ['Z'] })))).toEqual({
      v1: 'delete expired',
      v2: 'delete expired',
      v3: 'delete expired',
    })
  })
})

describe('the order of writes', () => {
  test('an index that lists a child twice, or that two indexes share', () => {
    const content: Content = {
      tags: { v1: 'M', v2: 'N' },
      manifests: { A: image(), M: index(['A', 'A']), N: index(['A']) },
    }
    const order = writes(plan(content, policy({ tags: 'v*' })), 'A M N')
    expect(order).toHaveLength(3)
    expect(order[2]).toBe('delete A')
    expect(new Set(families(content, policy({ tags: 'v*' })))).toEqual(new Set([0]))
    expect(writes(plan(content, policy({ tags: 'v1' })), 'A M N')).toEqual(['delete M'])
  })

  test('a child comes behind the longest way to it', () => {
    const content: Content = {
      tags: { v1: 'O' },
      manifests: { A: image(), B: image(), I: index(['A', 'B']), J: index(['I']), O: index(['A', 'J', 'I']) },
    }
    expect(writes(plan(content, policy({ tags: 'v1' })), 'A B I J O')).toEqual([
      'delete O',
      'delete J',
      'delete I',
      'delete A',
      'delete B',
    ])
  })

  test('all tags of a manifest go with it, each by name where the registry wants that first', () => {
    const content: Content = { tags: { v1: 'A', v2: 'A', v3: 'B' }, manifests: { A: image(), B: image() } }
    const rules = policy({ tags: 'v*' })
    expect(plan(content, rules).actions).toEqual([
      { kind: 'delete-manifest', digest: digestOf('A'), tags: ['v1', 'v2'], family: 0 },
      { kind: 'delete-manifest', digest: digestOf('B'), tags: ['v3'], family: 1 },
    ])
    expect(writes(plan({ ...content, registry: { tagsFirst: true } }, rules), 'A B')).toEqual([
      'delete-tag v1',
      'delete-tag v2',
      'delete A',
      'delete-tag v3',
      'delete B',
    ])
  })

  test('what goes without a tag has none to resolve, and tags that only leave are not among them', () => {
    const content: Content = {
      tags: { v1: 'M', v2: 'L', latest: 'L' },
      manifests: { A: image(), M: index(['A']), L: image() },
    }
    expect(plan(content, policy({ tags: 'v*' })).actions).toEqual([
      { kind: 'untag', tag: 'v2', digest: digestOf('L'), method: 'native' },
      { kind: 'delete-manifest', digest: digestOf('M'), tags: ['v1'], family: 0 },
      { kind: 'delete-manifest', digest: digestOf('A'), tags: [], family: 0 },
    ])
    const unsure: Content = { ...content, registry: { untag: 'unknown' } }
    expect(plan(unsure, policy({ tags: 'v*' })).actions[0]).toMatchObject({ method: 'native' })
  })

  test('children and referrers that stay are in no order', () => {
    const content: Content = {
      tags: { v1: 'M', a: 'A', sbom: 'R' },
      manifests: { A: image(), M: index(['A', 'gone']), R: artifact('M'), gone: missing },
    }
    expect(plan(content, policy({ tags: 'v1' })).actions).toEqual([
      { kind: 'delete-manifest', digest: digestOf('M'), tags: ['v1'], family: 0 },
    ])
  })

  test('referrers of referrers, and a signature of an index in a chain', () => {
    const content: Content = {
      tags: { v1: 'M' },
      manifests: { A: image(), M: index(['A']), R: artifact('A'), S: artifact('R') },
    }
    expect(writes(plan(content, policy({ tags: 'v1' })), 'A M R S')).toEqual([
      'delete M',
      'delete A',
      'delete R',
      'delete S',
    ])
    const first = { ...content, registry: { referrersFirst: true } }
    const order = writes(plan(first, policy({ tags: 'v1' })), 'A M R S')
    expect(order.indexOf('delete S')).toBeLessThan(order.indexOf('delete R'))
    expect(order.indexOf('delete R')).toBeLessThan(order.indexOf('delete A'))
    expect(order.indexOf('delete M')).toBeLessThan(order.indexOf('delete A'))
  })
})

describe('what stays for its lock or its type holds what it needs', () => {
  test.each([
    ['a locked index', { ...index(['A']), locked: 'immutable' }],
    ['an unknown type', unknown(['A'])],
  ])('%s that no tag names', (_, held) => {
    const aged = { ages: [ago('90d')] }
    const content = {
      tags: { latest: 'L', v1: 'A' },
      manifests: { L: image(), A: image(), U: { ...held, ...aged } },
    }
    const result = plan(content, policy({ tags: 'v1', deleteUntagged: true }))
    expect(decisions(result)['v1']).toBe('untag child-of')
    expect(manifestDecisions(result, 'A U')).toEqual({ A: 'keep child-of', U: 'keep undeletable' })
  })

  test('an unknown type mentions what nobody has read', () => {
    const content = {
      tags: { v1: 'U', v2: 'A', v3: 'B' },
      manifests: { U: unknown(['x', 'y', 'A']), A: image(), B: image() },
    }
    const result = plan(content, policy({ tags: '*' }))
    expect(result.refusals).toEqual([])
    expect(decisions(result)).toEqual({ v1: 'keep undeletable', v2: 'untag child-of', v3: 'delete expired' })
  })
})

describe('the bytes that only one tag holds', () => {
  const sig = subjectTag('A', '.sig')
  const orphan = subjectTag('gone', '.sig')

  test('a signature is held by the tag of its image, an orphan by its own', () => {
    const content: Content = {
      tags: { [sig]: 'S', v1: 'A', [orphan]: 'T' },
      manifests: {
        A: image({ blobs: { a: 100 } }),
        S: image({ blobs: { s: 7 } }),
        T: image({ blobs: { t: 5 } }),
        gone: missing,
      },
    }
    expect(exclusive(content)).toEqual({ [sig]: 0, v1: 127, [orphan]: 15 })
  })

  test('what an untagged manifest holds as well is not its own', () => {
    const content: Content = {
      tags: { v1: 'A', v2: 'M' },
      manifests: {
        A: image({ blobs: { a: 100, shared: 30 } }),
        U: image({ blobs: { shared: 30 } }),
        B: image({ blobs: { b: 4 } }),
        M: index(['B']),
        N: index(['B']),
      },
    }
    expect(exclusive(content)).toEqual({ v1: 110, v2: 10 })
  })

  test('two tags of one manifest, or of one child', () => {
    const content: Content = {
      tags: { a: 'A', twin: 'A', v1: 'M', v2: 'N' },
      manifests: {
        A: image({ blobs: { a: 100 } }),
        B: image({ blobs: { b: 4 } }),
        M: index(['B']),
        N: index(['B', 'A']),
      },
    }
    expect(exclusive(content)).toEqual({ a: 0, twin: 0, v1: 10, v2: 10 })
  })
})

test('more bytes than can be counted are a lower bound', () => {
  const huge = { x: 2 ** 53 - 1, y: 2 ** 53 - 1 }
  const content = { tags: { v1: 'A', latest: 'L' }, manifests: { A: image({ blobs: huge }), L: image() } }
  expect(plan(content, policy({ tags: 'v1' }))).toMatchObject({
    reclaimedBytes: Number.MAX_SAFE_INTEGER,
    reclaimsMore: true,
  })
})
