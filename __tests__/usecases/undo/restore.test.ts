import { describe, expect, it } from 'vitest'
import { WardenError } from '../../../src/domain/errors.ts'
import type { Digest } from '../../../src/domain/names/digest.ts'
import { createRestorer } from '../../../src/usecases/undo/restore.ts'
import type { RestoreTarget } from '../../../src/usecases/undo/restore.ts'
import { digestOf } from '../../support/fake-reader.ts'

const GONE = 'its layers are gone: the registry has collected its garbage since. Build and push it again'

function refusal(status: number, code: string) {
  const exchange = { method: 'PUT', url: 'https://r.example/v2/', status, codes: [code] }
  return new WardenError(status === 404 ? 'not-found' : 'protocol', 'putting it back: refused', { exchange })
}

/** A registry that has none of these manifests, and refuses them; each with its blobs, and what it needs. */
function restorer(
  refused: WardenError,
  known: Readonly<Record<string, { readonly blobs?: readonly string[]; readonly needs?: readonly string[] }>>,
  kept: readonly string[] = [],
) {
  const target: RestoreTarget = {
    reader: {
      head: () => Promise.resolve(null),
      hasBlob: (digest: Digest) => Promise.resolve(kept.map(digestOf).includes(digest)),
      manifest: () => Promise.reject(refused),
      tags: () => Promise.reject(refused),
    },
    vendor: { putManifest: () => Promise.reject(refused) },
  }
  const stored = () => Promise.resolve({ mediaType: 'a/b', bytes: new Uint8Array() })
  const manifests = new Map(
    Object.entries(known).map(([name, { blobs = [], needs = [] }]) => [
      digestOf(name),
      { stored, needs: needs.map(digestOf), blobs: blobs.map(digestOf) },
    ]),
  )
  return createRestorer(
    target,
    (digest) => manifests.get(digest) ?? null,
    () => Promise.resolve(),
  )
}

describe('a manifest that the registry does not take back', () => {
  it.each([
    [400, 'MANIFEST_BLOB_UNKNOWN'],
    [404, 'BLOB_UNKNOWN'],
    [404, 'MANIFEST_UNKNOWN'],
  ])('lost its layers to a garbage collection (%i %s): they are named', async (status, code) => {
    const { manifest } = restorer(refusal(status, code), { app: { blobs: ['base', 'layer'] } }, ['base'])
    expect(await manifest(digestOf('app'))).toEqual({
      status: 'failed',
      note: `${GONE}. Missing: ${digestOf('layer')}`,
    })
  })

  it('lost those of the images that it lists', async () => {
    const known = { index: { needs: ['app'] }, app: { blobs: ['layer'] } }
    const { manifest } = restorer(refusal(400, 'MANIFEST_BLOB_UNKNOWN'), known)
    expect(await manifest(digestOf('index'))).toMatchObject({
      note: `${GONE}. Missing: ${digestOf('layer')}`,
    })
  })

  it('lost something that the file does not have', async () => {
    const { manifest } = restorer(refusal(400, 'MANIFEST_BLOB_UNKNOWN'), { index: { needs: ['app'] } })
    expect(await manifest(digestOf('index'))).toEqual({ status: 'failed', note: GONE })
  })

  it('is refused for another reason, which is told', async () => {
    const { manifest } = restorer(refusal(400, 'MANIFEST_INVALID'), { app: {} })
    expect(await manifest(digestOf('app'))).toEqual({ status: 'failed', note: 'putting it back: refused' })
  })
})
