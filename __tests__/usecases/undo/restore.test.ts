import { describe, expect, it } from 'vitest'
import { WardenError } from '../../../src/domain/errors.ts'
import type { Digest } from '../../../src/domain/names/digest.ts'
import type { PruneTarget } from '../../../src/domain/prune/ports.ts'
import { createRestorer } from '../../../src/usecases/undo/restore.ts'
import { digestOf } from '../../support/fake-reader.ts'

const WITHOUT_NAMES =
  'its layers are gone: the registry has collected its garbage since. Build and push it again'

function refusal(status: number, code: string) {
  const exchange = { method: 'PUT', url: 'https://r.example/v2/', status, codes: [code] }
  return new WardenError(status === 404 ? 'not-found' : 'protocol', 'putting it back: refused', { exchange })
}

/** A registry that has no manifest, and refuses this one. */
function restorer(
  refused: WardenError,
  blobs: readonly Digest[],
  hasBlob: (digest: Digest) => boolean = () => false,
) {
  const target = {
    reader: {
      head: () => Promise.resolve(null),
      hasBlob: (digest: Digest) => Promise.resolve(hasBlob(digest)),
    },
    vendor: { putManifest: () => Promise.reject(refused) },
  } as unknown as Pick<PruneTarget, 'reader' | 'vendor'>
  const stored = () => Promise.resolve({ mediaType: 'a/b', bytes: new Uint8Array() })
  return createRestorer(
    target,
    () => ({ stored, needs: [], blobs }),
    () => Promise.resolve(),
  )
}

describe('a manifest that the registry does not take back', () => {
  it.each([
    [400, 'MANIFEST_BLOB_UNKNOWN'],
    [404, 'BLOB_UNKNOWN'],
    [404, 'MANIFEST_UNKNOWN'],
  ])('lost its layers to a garbage collection (%i %s): they are named', async (status, code) => {
    const [kept, lost] = [digestOf('kept'), digestOf('lost')]
    const { manifest } = restorer(refusal(status, code), [kept, lost], (digest) => digest === kept)
    expect(await manifest(digestOf('pr-1'))).toEqual({
      status: 'failed',
      note: `${WITHOUT_NAMES}. Missing: ${lost}`,
    })
  })

  it('lost the images that it lists', async () => {
    const { manifest } = restorer(refusal(400, 'MANIFEST_BLOB_UNKNOWN'), [])
    expect(await manifest(digestOf('index'))).toEqual({ status: 'failed', note: WITHOUT_NAMES })
  })

  it('is refused for another reason, which is told', async () => {
    const { manifest } = restorer(refusal(400, 'MANIFEST_INVALID'), [])
    expect(await manifest(digestOf('pr-1'))).toEqual({ status: 'failed', note: 'putting it back: refused' })
  })
})
