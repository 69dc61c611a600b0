import { describe, expect, it } from 'vitest'
import { checkLayoutVersion, parseDiffIds, parseSavedImages } from '../../src/wire/local-image.ts'
import { sha256 } from '../support/blobs.ts'

const bytes = (value: unknown): Buffer =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))

describe('checkLayoutVersion', () => {
  it.each(['1.0.0', '1.1.0'])('accepts %s', (version) => {
    expect(() => checkLayoutVersion(bytes({ imageLayoutVersion: version }))).not.toThrow()
  })

  it.each([
    [{ imageLayoutVersion: '2.0.0' }],
    [{ imageLayoutVersion: 1 }],
    [{}],
    [[]],
    ['null'],
    ['no JSON'],
  ])('refuses %j', (value) => {
    expect(() => checkLayoutVersion(bytes(value))).toThrow(/oci-layout/)
  })
})

describe('parseSavedImages', () => {
  it('reads what docker save writes, also the null that Go makes of an empty list', () => {
    const list = [
      { Config: 'a.json', RepoTags: ['app:v1'], Layers: ['l/layer.tar'], LayerSources: {} },
      { Config: 'b.json', RepoTags: null, Layers: null, Parent: 'sha256:x' },
    ]
    expect(parseSavedImages(bytes(list))).toEqual([
      { config: 'a.json', names: ['app:v1'], layers: ['l/layer.tar'] },
      { config: 'b.json', names: [], layers: [] },
    ])
  })

  it.each([
    [{}, 'content'],
    [[{}], '[0].Config'],
    [[{ Config: 1 }], '[0].Config'],
    [[{ Config: 'a', Layers: [1] }], '[0].Layers[0]'],
    [[{ Config: 'a', Layers: Array.from({ length: 10_001 }, () => 'l') }], '[0].Layers'],
    [Array.from({ length: 1001 }, () => ({ Config: 'a' })), 'content'],
    ['[', 'not JSON'],
  ])('refuses %# and names the field', (value, field) => {
    expect(() => parseSavedImages(bytes(value))).toThrow(field)
  })
})

describe('parseDiffIds', () => {
  const digest = sha256(Buffer.from('layer'))

  it('reads them; none is none', () => {
    expect(parseDiffIds(bytes({ rootfs: { type: 'layers', diff_ids: [digest] } }))).toEqual([digest])
    for (const config of [{}, { rootfs: null }, { rootfs: {} }, { rootfs: { diff_ids: null } }]) {
      expect(parseDiffIds(bytes(config))).toEqual([])
    }
  })

  it('refuses what is not a digest', () => {
    expect(() => parseDiffIds(bytes({ rootfs: { diff_ids: ['../../etc/passwd'] } }))).toThrow(
      'rootfs.diff_ids[0]',
    )
  })
})
