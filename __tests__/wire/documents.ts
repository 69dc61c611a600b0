import { createHash } from 'node:crypto'

import { parseDigest } from '../../src/domain/names/digest.ts'
import type { Digest } from '../../src/domain/names/digest.ts'

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'
export const OCI_IMAGE = 'application/vnd.oci.image.manifest.v1+json'
export const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json'
export const OCI_LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'
export const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json'
export const DOCKER_IMAGE = 'application/vnd.docker.distribution.manifest.v2+json'
export const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json'
export const SCHEMA1 = 'application/vnd.docker.distribution.manifest.v1+json'
export const SIGNED = 'application/vnd.docker.distribution.manifest.v1+prettyjws'

export function sha256(bytes: string | Buffer): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`)
}

export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

/** A descriptor of made-up content: the seed stands for it. */
export function blob(seed: string, size: unknown = 100, mediaType = OCI_LAYER) {
  return { mediaType, digest: sha256(seed), size }
}

export function imageManifest(extra: Record<string, unknown> = {}) {
  return {
    schemaVersion: 2,
    mediaType: OCI_IMAGE,
    config: blob('config', 7, OCI_CONFIG),
    layers: [blob('one', 10), blob('two', 20)],
    ...extra,
  }
}

export function indexManifest(extra: Record<string, unknown> = {}) {
  const child = (seed: string, architecture: string) => ({
    ...blob(seed, 500, OCI_IMAGE),
    platform: { os: 'linux', architecture },
  })
  return {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: [child('amd64', 'amd64'), child('arm64', 'arm64')],
    ...extra,
  }
}

export function schema1Manifest(extra: Record<string, unknown> = {}) {
  const history = (value: unknown) => ({ v1Compatibility: JSON.stringify(value) })
  return {
    schemaVersion: 1,
    name: 'team/app',
    tag: 'v1',
    architecture: 'amd64',
    fsLayers: [{ blobSum: sha256('newest') }, { blobSum: sha256('oldest') }],
    history: [
      history({
        created: '2016-01-02T03:04:05Z',
        throwaway: true,
        container_config: { Cmd: ['/bin/sh', '-c', '#(nop) CMD ["sh"]'] },
      }),
      history({
        created: '2016-01-01T00:00:00Z',
        container_config: { Cmd: ['/bin/sh -c #(nop) ADD file:1 in /'] },
      }),
    ],
    ...extra,
  }
}

/**
 * Signs as Docker did: the document without its last brace, the signatures, the brace; the header tells both
 * apart.
 */
export function signed(document: Record<string, unknown>): { bytes: Buffer; payload: Buffer } {
  const payload = Buffer.from(JSON.stringify(document, null, 3))
  const formatLength = payload.length - 2
  const header = {
    formatLength,
    formatTail: payload.subarray(formatLength).toString('base64url'),
    time: '2016',
  }
  const signature = {
    header: { alg: 'ES256' },
    signature: 'AAAA',
    protected: json(header).toString('base64url'),
  }
  const tail = `,\n   "signatures": ${JSON.stringify([signature])}\n}`
  return { bytes: Buffer.concat([payload.subarray(0, formatLength), Buffer.from(tail)]), payload }
}
