import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { annotatedBase, mayAsk, splitLayers } from '../../../src/domain/growth/base.ts'
import type { BaseCandidate } from '../../../src/domain/growth/base.ts'
import { DOCKER_HUB, formatReference, parseReference } from '../../../src/domain/names/reference.ts'
import { digestOf, layer, platformImage } from '../../report/fixtures.ts'

const NAME = 'org.opencontainers.image.base.name'
const DIGEST = 'org.opencontainers.image.base.digest'
const SHA = `sha256:${'c'.repeat(64)}`

function candidate(name: string, ...seeds: string[]): BaseCandidate {
  return { name, digest: digestOf(name), layers: seeds.map(digestOf) }
}

function stack(...seeds: string[]) {
  return platformImage(
    'linux/amd64',
    seeds.map((seed) => layer([seed, seed.charCodeAt(0)])),
    { config: { digest: digestOf('config'), size: layer(['x', 1000]).size } },
  )
}

describe('splitLayers', () => {
  it('counts the config and what lies on the base as own', () => {
    const split = splitLayers(stack('a', 'b', 'c'), [candidate('base', 'a', 'b')])
    expect(split.layers.map(({ from }) => from)).toEqual(['base', 'base', 'own'])
    expect(split).toMatchObject({
      base: { name: 'base', digest: digestOf('base'), layers: 2, size: 97 + 98 },
      ownSize: 1000 + 99,
    })
    expect(split.judgedSize).toBe(split.size)
  })

  it.each([
    ['no candidate', []],
    ['other layers', [candidate('base', 'x')]],
    ['the same layers in another order', [candidate('base', 'b', 'a')]],
    ['more layers than the image', [candidate('base', 'a', 'b', 'c', 'd')]],
    ['layers in its middle', [candidate('base', 'b', 'c')]],
    ['an image without layers', [candidate('scratch')]],
  ])('%s: nothing is base', (_, candidates) => {
    const split = splitLayers(stack('a', 'b', 'c'), candidates)
    expect(split).toMatchObject({ base: null, ownSize: split.size })
    expect(split.layers.map(({ from }) => from)).toEqual(['own', 'own', 'own'])
  })

  it('takes the candidate that explains most, down to the whole image', () => {
    const bases = [candidate('os', 'a'), candidate('node', 'a', 'b'), candidate('other', 'a', 'x')]
    expect(splitLayers(stack('a', 'b', 'c'), bases).base?.name).toBe('node')
    expect(splitLayers(stack('a', 'b'), bases).ownSize).toBe(1000)
  })

  it('counts a layer that the base brought, and the image repeats, once and as base', () => {
    const split = splitLayers(stack('a', 'b', 'a'), [candidate('os', 'a')])
    expect(split.layers.map(({ from }) => from)).toEqual(['base', 'own', 'base'])
    expect(split.ownSize).toBe(1000 + 98)
  })

  it('base and own are the whole', () => {
    const seeds = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 })
    fc.assert(
      fc.property(seeds, seeds, (base, rest) => {
        const split = splitLayers(stack(...base, ...rest), [candidate('base', ...base)])
        expect((split.base?.size ?? 0) + split.ownSize).toBe(split.size)
        expect(split.base?.layers ?? 0).toBe(base.length)
      }),
    )
  })
})

describe('annotatedBase', () => {
  const base = (...sources: Record<string, string>[]): string | null => {
    const reference = annotatedBase(...sources.map((source) => new Map(Object.entries(source))))
    return reference === null ? null : formatReference(reference)
  }

  it.each([
    [{}, null],
    [{ [NAME]: 'node:24' }, 'docker.io/library/node:24'],
    [{ [NAME]: ' ghcr.io/acme/base:1 ', [DIGEST]: SHA }, `ghcr.io/acme/base:1@${SHA}`],
    [{ [NAME]: 'ghcr.io/acme/base', [DIGEST]: 'sha256:short' }, 'ghcr.io/acme/base'],
    [{ [DIGEST]: SHA }, null],
    [{ [NAME]: '' }, null],
    [{ [NAME]: 'scratch image' }, null],
    [{ [NAME]: 'https://evil.example/x' }, null],
    [{ [NAME]: 'x'.repeat(5000) }, null],
  ])('of %j is %j', (annotations, expected) => {
    expect(base(annotations)).toBe(expected)
  })

  it('prefers what stands nearest to the layers', () => {
    expect(base({}, { [NAME]: 'a/b:1' }, { [NAME]: 'c/d:1' })).toBe('docker.io/a/b:1')
  })
})

describe('mayAsk', () => {
  const asked = (name: string, repository: string | null): boolean =>
    mayAsk(parseReference(name, DOCKER_HUB), repository)

  it.each(['node:24', 'ghcr.io/acme/base:1', 'registry.internal:8443/base'])('%s, over TLS', (name) => {
    expect(asked(name, 'ghcr.io/acme/api')).toBe(true)
  })

  it.each([
    'localhost:5000/base',
    '127.0.0.1:8080/base',
    '169.254.169.254/latest',
    '10.0.0.1:443/base',
    '[::1]:5000/base',
    '[fd00::1]/base',
    '0x7f.1:80/base',
  ])('not %s, an address that the image chose', (name) => {
    expect(asked(name, 'ghcr.io/acme/api')).toBe(false)
    expect(asked(name, null)).toBe(false)
  })

  it('the registry that the image itself is from', () => {
    expect(asked('localhost:5000/base', 'localhost:5000/api')).toBe(true)
    expect(asked('localhost:5000/base', 'localhost:50001/api')).toBe(false)
  })
})
