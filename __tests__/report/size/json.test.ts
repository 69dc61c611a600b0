import { describe, expect, it } from 'vitest'
import { compactJson } from '../../../src/report/compact-json.ts'
import { sizeJson } from '../../../src/report/size/json.ts'
import { examples } from '../examples.ts'
import { MIB, image, layer, platformImage, report } from '../fixtures.ts'
import { compared, onBase, unread, withoutAny } from '../growth.ts'

describe('the JSON of a size report', () => {
  const value = examples['one image passing']!()
  const [platform] = value.images[0]!.platforms

  it('has the shape of version 1', () => {
    expect(sizeJson(value, { layers: false })).toStrictEqual({
      schemaVersion: 1,
      mode: 'size',
      result: 'pass',
      images: [
        {
          image: 'ghcr.io/acme/api:v1.4.2',
          names: ['ghcr.io/acme/api:v1.4.2'],
          digest: platform!.digest,
          mediaType: 'application/vnd.oci.image.index.v1+json',
          kind: 'image',
          created: '2026-03-07T12:00:00Z',
          platforms: [
            {
              platform: 'linux/amd64',
              digest: platform!.digest,
              size: platform!.size,
              baseline: null,
              pullSize: null,
              verdict: 'pass',
            },
          ],
          size: value.size,
          uniqueSize: value.uniqueSize,
        },
      ],
      size: value.size,
      totalSize: value.totalSize,
      uniqueSize: value.uniqueSize,
    })
  })

  it('holds layers when asked for', () => {
    const layers = sizeJson(value, { layers: true }).images[0]?.platforms[0]?.layers
    expect(layers).toHaveLength(6)
    expect(layers?.[4]).toStrictEqual({
      digest: platform!.layers[4]!.digest,
      size: 64_118_220,
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      createdBy: 'RUN npm ci --omit=dev',
      from: null,
    })
  })

  it('says null for a platform and date that nothing names', () => {
    const [artifact] = sizeJson(examples['artifact']!(), { layers: false }).images
    expect(artifact).toMatchObject({ kind: 'artifact', created: null, platforms: [{ platform: null }] })
  })

  it.each([
    ['windows, foreign layers, time out', 'partial'],
    ['several repositories', 'warn'],
    ['one platform over', 'fail'],
  ])('names the result of %s', (name, result) => {
    expect(sizeJson(examples[name]!(), { layers: false }).result).toBe(result)
  })

  it('fails a partial run that found a breach', () => {
    const both = report([image('a/b:c', [platformImage(null, [layer(['x', MIB])])])], {
      maxSize: ['1KiB'],
      findings: { partial: true },
    })
    expect(sizeJson(both, { layers: false }).result).toBe('fail')
  })
})

describe('growth in the JSON', () => {
  const stack = (seed: string, size: number) =>
    platformImage('linux/amd64', [layer(['os', MIB]), layer([seed, size])])
  const next = image('ghcr.io/acme/api:pr-7', [stack('new', 5 * MIB)])
  const old = image('ghcr.io/acme/api:main', [stack('old', 4 * MIB)])
  const platformOf = (measured: typeof next, maxSize: string[] = []) =>
    sizeJson(report([measured], { maxSize }), { layers: true }).images[0]?.platforms[0]

  it('names the baseline of the platform and what is left to pull', () => {
    expect(platformOf(compared(next, old))).toMatchObject({
      baseline: { image: 'ghcr.io/acme/api:main', digest: old.digest, size: old.size },
      pullSize: 5 * MIB + 7_321,
      verdict: 'pass',
    })
  })

  it('calls what has no baseline new, unless a limit says more', () => {
    expect(platformOf(withoutAny(next))).toMatchObject({ baseline: null, pullSize: null, verdict: 'new' })
    expect(platformOf(withoutAny(next), ['1MiB'])).toMatchObject({ verdict: 'fail' })
    expect(platformOf(unread(next))).toMatchObject({ baseline: null, pullSize: null, verdict: 'warn' })
  })

  it('says which layers the base image brought', () => {
    const split = image('ghcr.io/acme/api:pr-7', [onBase(stack('new', MIB), 'debian:13', 1)])
    expect(platformOf(split)?.layers?.map(({ from }) => from)).toEqual(['base', 'own'])
  })
})

describe('compactJson', () => {
  const value = { schemaVersion: 1, list: ['ä'.repeat(40)], size: 7 }

  it('is whole where it fits, to the byte', () => {
    const whole = JSON.stringify(value)
    expect(compactJson(value, Buffer.byteLength(whole))).toBe(whole)
  })

  it('drops lists, and says so, where it does not', () => {
    const bytes = Buffer.byteLength(JSON.stringify(value))
    expect(compactJson(value, bytes - 1)).toBe('{"schemaVersion":1,"size":7,"truncated":true}')
  })

  it('keeps an output below 900 kB by default', () => {
    expect(compactJson({ images: ['x'.repeat(900_000)], size: 1 })).toBe('{"size":1,"truncated":true}')
  })
})
