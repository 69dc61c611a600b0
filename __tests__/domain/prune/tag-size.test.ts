import { describe, expect, test } from 'vitest'

import { planPrune } from '../../../src/domain/prune/plan.ts'
import { artifact, image, index, missing, NOW, policy, repository, unreadable } from './repository-dsl.ts'
import type { Content } from './repository-dsl.ts'

function sizes(content: Content): Record<string, number | null> {
  const plan = planPrune(repository(content), policy({ tags: '*', keepLatest: 1 }), NOW)
  return Object.fromEntries(plan.tags.map(({ tag, size }) => [tag, size]))
}

describe('the size of a tag', () => {
  test('is the manifest and each of its blobs once', () => {
    const A = image({ blobs: { config: 5, base: 100, app: 20 } })
    const B = image({ blobs: { other: 7, base: 100 } })
    expect(sizes({ tags: { a: 'A 2d', b: 'B 1d' }, manifests: { A, B } })).toEqual({ a: 135, b: 117 })
  })

  test('is all platform images and signatures together, layers that they share once', () => {
    const manifests = {
      M: index(['A', 'B']),
      A: image({ blobs: { base: 100, a: 1 } }),
      B: image({ blobs: { base: 100, b: 2 } }),
      S: artifact('A', { blobs: { signature: 30 } }),
    }
    expect(sizes({ tags: { v1: 'M 1d', amd64: 'A 2d' }, manifests })).toEqual({ v1: 173, amd64: 151 })
  })

  test('leaves out what is not there', () => {
    const manifests = { M: index(['A', 'B']), A: image({ blobs: { a: 1 } }), B: missing }
    expect(sizes({ tags: { v1: 'M 1d' }, manifests })).toEqual({ v1: 21 })
  })

  test('is unknown where a blob of unknown size is part of it, or nothing was read', () => {
    const manifests = { old: image({ kind: 'schema1', blobs: { layer: null } }), bad: unreadable }
    expect(sizes({ tags: { old: 'old 1d', gone: { state: 'missing' } }, manifests })).toEqual({
      old: null,
      gone: null,
    })
  })
})
