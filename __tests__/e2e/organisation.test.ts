import { beforeAll, afterAll, describe, expect, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import type { EmbeddedRegistry } from '../support/embedded-registry.ts'
import { refuse } from '../support/embedded/replies.ts'
import { image } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'

const COUNT = 500
const BROKEN = 'acme/app-250'
const MIB = 1024 * 1024

describe('an organisation of 500 repositories, one of them broken', () => {
  let registry: EmbeddedRegistry

  beforeAll(async () => {
    registry = await startEmbeddedRegistry({
      intercept: ({ url, response }) => {
        if (!url.pathname.startsWith(`/v2/${BROKEN}/`)) return false
        refuse(response, 403, 'DENIED', 'this repository is locked')
        return true
      },
    })
    const old = new Date(Date.now() - 100 * 24 * 3600 * 1000).toISOString()
    for (let number = 0; number < COUNT; number += 1) {
      const repository = `acme/app-${number}`
      const base = layer(`base ${number % 7}`, 1000)
      // the higher the number, the more there is to free
      const stale = image([base, layer(`${repository} stale`, 100 + number)], { created: old })
      registry.seed(repository, stale, ['pr-1'])
      registry.seed(repository, image([base, layer(repository, 100)], { created: old }), ['latest'])
    }
    registry.seed('other/app', image([layer('other', 100)]), ['pr-1'])
  })
  afterAll(() => registry.stop())

  const run = (inputs: Readonly<Record<string, string>>) =>
    runAction({ inputs: { registry: registry.host, image: 'acme/*', ...inputs } })
  const errorsOf = ({ annotations }: Awaited<ReturnType<typeof run>>) =>
    annotations.filter(({ level }) => level === 'error').map(({ message }) => message)

  it('is listed', async () => {
    const listed = await run({ mode: 'list', shards: '20' })
    expect([listed.exitCode, listed.outputs['result'], listed.outputs['available']]).toEqual([
      1,
      'fail',
      'true',
    ])
    expect(JSON.parse(listed.outputs['repositories'] ?? '')).toHaveLength(COUNT)
    expect(Object.keys(JSON.parse(listed.outputs['tags'] ?? ''))).toHaveLength(COUNT - 1)
    expect(errorsOf(listed).join('\n')).toContain(BROKEN)
    expect(listed.summary.indexOf(BROKEN)).toBeLessThan(2_000)
    expect(Buffer.byteLength(listed.summary)).toBeLessThan(MIB / 4)
  })

  it('is measured', async () => {
    const measured = await run({ tags: 'latest' })
    expect([measured.exitCode, measured.outputs['result']]).toEqual([1, 'fail'])
    const { images } = JSON.parse(measured.outputs['json'] ?? '')
    expect(images).toHaveLength(COUNT - 1)
    expect(errorsOf(measured).join('\n')).toContain(BROKEN)
    expect(measured.summary).toContain(BROKEN)
    expect(Buffer.byteLength(measured.summary)).toBeLessThan(MIB)
  })

  it('is pruned, what frees most first, and nothing of another team', async () => {
    const pruned = await run({
      mode: 'prune',
      tags: 'pr-*',
      'older-than': '30d',
      'dry-run': 'false',
    })
    expect([pruned.exitCode, pruned.outputs['result']]).toEqual([1, 'fail'])
    expect(pruned.outputs['deleted-count']).toBe(String(COUNT - 1))
    expect(errorsOf(pruned).join('\n')).toContain(BROKEN)
    const [most, less] = ['`app-499`', '`app-400`'].map((name) => pruned.summary.indexOf(name))
    expect(most).toBeGreaterThan(pruned.summary.indexOf(BROKEN))
    expect(most).toBeLessThan(less ?? 0)
    expect(Buffer.byteLength(pruned.summary)).toBeLessThan(MIB)
    const left = [...registry.store].filter(([name, { tags }]) => name !== BROKEN && tags.has('pr-1'))
    expect(left.map(([name]) => name)).toEqual(['other/app'])
  })
})
