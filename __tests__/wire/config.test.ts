import { describe, expect, test } from 'vitest'

import { WardenError } from '../../src/domain/errors.ts'
import type { Descriptor } from '../../src/domain/manifest/manifest.ts'
import { asBytes } from '../../src/domain/quantities/bytes.ts'
import { MAX_CONFIG_BYTES, parseImageConfig } from '../../src/wire/config.ts'
import { json, OCI_CONFIG, sha256 } from './documents.ts'

function describeBytes(bytes: Buffer): Descriptor {
  return {
    mediaType: OCI_CONFIG,
    digest: sha256(bytes),
    size: asBytes(bytes.length),
    platform: null,
    artifactType: null,
    annotations: new Map(),
  }
}

function parse(document: unknown) {
  const bytes = json(document)
  return parseImageConfig(bytes, describeBytes(bytes))
}

describe('parseImageConfig', () => {
  test('platform, date and history', () => {
    const history = [
      { created_by: 'ADD rootfs /', created: '2024-01-01T00:00:00Z' },
      { created_by: 'CMD ["sh"]', empty_layer: true },
    ]
    const created = '2024-05-06T07:08:09.123Z'
    expect(parse({ os: 'linux', architecture: 'arm', variant: 'v6', created, history, rootfs: {} })).toEqual({
      platform: { os: 'linux', architecture: 'arm', variant: 'v6', osVersion: null },
      created,
      history: [
        { createdBy: 'ADD rootfs /', emptyLayer: false },
        { createdBy: 'CMD ["sh"]', emptyLayer: true },
      ],
      labels: new Map(),
    })
  })

  test('of the labels only those that name the base image, and only text', () => {
    const base = 'org.opencontainers.image.base'
    const labels = { [`${base}.name`]: 'docker.io/library/node:24', [`${base}.digest`]: 7, secret: 'x' }
    expect(parse({ config: { Labels: labels } }).labels).toEqual(
      new Map([[`${base}.name`, 'docker.io/library/node:24']]),
    )
  })

  test.each([{ config: null }, { config: [] }, { config: { Labels: null } }, { config: { Labels: 'x' } }])(
    '%j has no labels',
    (document) => {
      expect(parse(document).labels).toEqual(new Map())
    },
  )

  test('windows versions are kept', () => {
    const { platform } = parse({ os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.1' })
    expect(platform.osVersion).toBe('10.0.20348.1')
  })

  test.each([
    ['nothing', {}],
    ['wrong types', { os: 1, architecture: [], created: {}, history: 'x' }],
    ['history of nonsense', { history: [null, 1] }],
    ['history without end', { history: Array.from({ length: 20_001 }, () => ({})) }],
  ])('%s is unknown rather than an error', (_, document) => {
    expect(parse(document)).toMatchObject({
      platform: { os: 'linux', architecture: 'unknown' },
      created: null,
      history: [],
    })
  })

  test.each([
    ['other size', Buffer.from('{} '), 'integrity', /3 bytes instead of 2/],
    ['other content', Buffer.from('[]'), 'integrity', /does not match its digest/],
    ['too large', Buffer.alloc(MAX_CONFIG_BYTES + 1), 'protocol', /larger than/],
  ])('%s is refused', (_, bytes, kind, message) => {
    const act = () => parseImageConfig(bytes, describeBytes(Buffer.from('{}')))
    expect(act).toThrow(message)
    expect(act).toThrow(expect.objectContaining({ kind }))
  })

  test.each([Buffer.from('nope'), Buffer.from('[]'), Buffer.from('"text"')])('%s is no config', (bytes) => {
    expect(() => parseImageConfig(bytes, describeBytes(bytes))).toThrow(WardenError)
  })
})
