import { describe, expect, test } from 'vitest'

import {
  isAttestation,
  isForeignLayer,
  isImageConfig,
  isManifestType,
  layerCompression,
  MANIFEST_TYPES,
} from '../../../src/domain/manifest/media-type.ts'
import { platformOf } from '../../../src/domain/names/platform.ts'

describe('layerCompression', () => {
  test.each([
    ['application/vnd.oci.image.layer.v1.tar+gzip', 'gzip'],
    ['application/vnd.oci.image.layer.v1.tar+zstd', 'zstd'],
    ['application/vnd.oci.image.layer.v1.tar', 'none'],
    ['application/vnd.docker.image.rootfs.diff.tar.gzip', 'gzip'],
    ['application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', 'gzip'],
    ['application/vnd.oci.image.layer.v1.tar+gzip+encrypted', 'gzip'],
    ['Application/Vnd.OCI.image.layer.v1.tar+GZIP; charset=x', 'gzip'],
    ['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'gzip'],
    ['application/vnd.in-toto+json', null],
    ['', null],
  ])('%s is %s', (mediaType, wanted) => {
    expect(layerCompression(mediaType)).toBe(wanted)
  })
})

describe('kinds of types', () => {
  test.each([
    ['application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', true],
    ['application/vnd.oci.image.layer.nondistributable.v1.tar+zstd', true],
    ['application/vnd.oci.image.layer.v1.tar+gzip', false],
  ])('foreign layer: %s %s', (mediaType, wanted) => {
    expect(isForeignLayer(mediaType)).toBe(wanted)
  })

  test('image configs are told from artifact configs', () => {
    expect(isImageConfig('application/vnd.oci.image.config.v1+json')).toBe(true)
    expect(isImageConfig('application/vnd.docker.container.image.v1+json')).toBe(true)
    expect(isImageConfig('application/vnd.cncf.helm.config.v1+json')).toBe(false)
    expect(isImageConfig('application/vnd.oci.empty.v1+json')).toBe(false)
  })

  test('every type that is asked for is understood', () => {
    expect(MANIFEST_TYPES.filter((type) => !isManifestType(type))).toEqual([])
    expect(isManifestType('application/vnd.buildkit.cacheconfig.v0')).toBe(false)
  })
})

describe('isAttestation', () => {
  const unknown = platformOf({ os: 'unknown', architecture: 'unknown' })
  const amd64 = platformOf({ os: 'linux', architecture: 'amd64' })
  const annotated = new Map([['vnd.docker.reference.type', 'attestation-manifest']])

  test.each([
    ['annotation and platform', annotated, unknown, true],
    ['only the annotation', annotated, null, true],
    ['annotation on a real platform, which clients would pull', annotated, amd64, false],
    ['only the platform', new Map(), unknown, true],
    ['another annotation value', new Map([['vnd.docker.reference.type', 'other']]), amd64, false],
    ['a plain entry', new Map(), amd64, false],
    ['no platform', new Map(), null, false],
    [
      'a platform in characters that no platform has',
      new Map(),
      platformOf({ os: '<b>', architecture: '' }),
      false,
    ],
    ['other letters', new Map(), platformOf({ os: 'Unknown', architecture: 'Unknown' }), false],
  ])('%s', (_, annotations, platform, wanted) => {
    expect(isAttestation({ annotations, platform })).toBe(wanted)
  })
})
