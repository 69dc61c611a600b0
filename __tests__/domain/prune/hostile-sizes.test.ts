import { expect, test } from 'vitest'

import { parseRegistry, parseRepository } from '../../../src/domain/names/reference.ts'
import type { ManifestEntry } from '../../../src/domain/prune/inventory.ts'
import { planPrune } from '../../../src/domain/prune/plan.ts'
import { protectionOf } from '../../../src/domain/prune/protection.ts'
import { NOW, artifact, digestOf, image, index, policy, repository } from './repository-dsl.ts'

/*
 * Seconds each; mutation testing, which repeats every other test of the rules for each change of them, leaves
 * these out.
 */

test('a plan takes nesting of any depth, and a subject with any number of referrers', () => {
  const depth = 20_000
  const manifests: Record<string, ManifestEntry> = { n0: image() }
  for (let n = 1; n <= depth; n += 1) {
    manifests[`n${n}`] = index([`n${n - 1}`])
    manifests[`r${n}`] = artifact('n0')
  }
  const content = repository({ tags: { v1: `n${depth}` }, manifests })
  const { actions } = planPrune(content, policy({ tags: 'v1' }), NOW)
  const order = actions.flatMap((action) => (action.kind === 'delete-manifest' ? [action.digest] : []))
  expect(order).toHaveLength(2 * depth + 1)
  expect(order[0]).toBe(digestOf(`n${depth}`))
  expect(order[depth]).toBe(digestOf('n0'))
})

test('the size of a tag is unknown where a hostile repository makes it endless', () => {
  const names = Array.from({ length: 3000 }, (_, i) => `C${i}`)
  const tops = Array.from({ length: 3400 }, (_, i) => `top${i}`)
  const content = repository({
    tags: Object.fromEntries(tops.map((name, i) => [`t${i}`, `${name} 1d`])),
    manifests: {
      ...Object.fromEntries(names.map((name) => [name, image()])),
      shared: index(names),
      ...Object.fromEntries(tops.map((name) => [name, index(['shared'])])),
    },
  })
  const { tags } = planPrune(content, policy({ tags: '*', keepLatest: 1 }), NOW)
  const found = Object.fromEntries(tags.map(({ tag, size }) => [tag, size]))
  expect(found['t0']).toBe(10 + 10 + 30_000)
  expect(found['t3399']).toBeNull()
})

test.each([
  ['one word', 'a'.repeat(1_000_000)],
  ['the same key over and over', 'tag: '.repeat(200_000)],
  ['the same name over and over', 'ghcr.io/acme/api:'.repeat(60_000)],
])('protect-files reads %s in linear time', (_, text) => {
  // a quadratic reader would need minutes; processor time does not depend on what else the machine does
  const begun = process.cpuUsage()
  protectionOf(
    [{ path: 'values.yaml', text }],
    parseRepository('ghcr.io/acme/api', parseRegistry('docker.io')),
  )
  expect(process.cpuUsage(begun).user).toBeLessThan(10_000_000)
})
