import { WardenError } from '../domain/errors.ts'
import type { ErrorKind } from '../domain/errors.ts'
import type { Descriptor, Manifest, ResolvedManifest } from '../domain/manifest/manifest.ts'
import { isForeignLayer } from '../domain/manifest/media-type.ts'
import type { Digest } from '../domain/names/digest.ts'
import { digestAlgorithm, digestHex, isDigest } from '../domain/names/digest.ts'
import type { Tag } from '../domain/names/tag.ts'
import { asBytes } from '../domain/quantities/bytes.ts'
import { MAX_CONFIG_BYTES, parseImageConfig } from '../wire/config.ts'
import { MAX_LAYOUT_BYTES, checkLayoutVersion } from '../wire/local-image.ts'
import { MAX_MANIFEST_BYTES, parseManifest } from '../wire/manifest.ts'
import { listNames, tagOfName, tagsOfNames } from './local-image.ts'
import type { LocalImage } from './local-image.ts'
import { chooseImage, namesOf, unknownDigest } from './oci-index.ts'
import type { ImageChoice } from './oci-index.ts'
import type { FileStore } from './store.ts'

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json'

/**
 * One image of an OCI layout (image-spec image-layout.md), in a folder or an archive. Manifests and configs
 * are verified against their digests; of layers, which are never read, the stored size must be the one that
 * their descriptor names.
 */
export async function openOciImage(store: FileStore, choice: ImageChoice): Promise<LocalImage> {
  checkLayoutVersion(await required(store, 'oci-layout', MAX_LAYOUT_BYTES))
  const index = parseManifest(await required(store, 'index.json', MAX_MANIFEST_BYTES), INDEX_TYPE, null)
  if (index.manifest.kind !== 'index') throw new WardenError('protocol', 'index.json is not an image index')
  const entries = index.manifest.manifests
  const tags = tagsOfNames(entries.flatMap(namesOf))
  const top = chooseImage(entries, choice) ?? index.digest
  if (top === choice.digest && top !== index.digest && (await store.size(blobName(top))) === null) {
    if (!entries.some(({ digest }) => digest === top)) throw unknownDigest(entries, top)
  }
  const ownTags = tagsOfNames(entries.filter(({ digest }) => digest === top).flatMap(namesOf))
  const read = new Map<Digest, Promise<ResolvedManifest>>([[index.digest, Promise.resolve(index)]])
  const manifest = async (name: Tag | Digest): Promise<ResolvedManifest> => {
    const digest = isDigest(name) ? name : (chooseImage(entries, { ...choice, name, digest: null }) ?? top)
    // a part that is gone is damage: `not-found` would let a damaged baseline pass for one that does not
    // exist yet
    const absent = entries.some((entry) => entry.digest === digest) ? 'integrity' : 'not-found'
    const reading = read.get(digest) ?? readManifest(store, digest, absent)
    read.set(digest, reading)
    return reading
  }
  return {
    top,
    tag:
      (choice.name === null ? null : tagOfName(choice.name)) ??
      (ownTags.length === 1 ? (ownTags[0] ?? null) : null),
    manifest,
    config: async (descriptor) =>
      parseImageConfig(await required(store, blobName(descriptor.digest), MAX_CONFIG_BYTES), descriptor),
    blobSize: async (digest) => {
      const size = await store.size(blobName(digest))
      if (size === null) throw missing(blobName(digest), 'not-found')
      return asBytes(size)
    },
    tags: async () => tags,
    layers: { isLocal: true, isExact: true, open: ({ digest }) => store.stream(blobName(digest)) },
  }
}

async function readManifest(store: FileStore, digest: Digest, absent: ErrorKind): Promise<ResolvedManifest> {
  const bytes = await store.read(blobName(digest), MAX_MANIFEST_BYTES)
  if (bytes === null) throw missing(blobName(digest), absent)
  const resolved = parseManifest(bytes, null, digest)
  await Promise.all(blobsOf(resolved.manifest).map((blob) => checkSize(store, blob)))
  return resolved
}

/** What the size of an image is made of; the manifests in an index are checked when they are read. */
function blobsOf(manifest: Manifest): Descriptor[] {
  if (manifest.kind !== 'image' && manifest.kind !== 'artifact') return []
  const blobs = manifest.config === null ? manifest.layers : [manifest.config, ...manifest.layers]
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()]
}

async function checkSize(store: FileStore, { digest, size, mediaType }: Descriptor): Promise<void> {
  const stored = await store.size(blobName(digest))
  if (stored === size) return
  if (stored !== null) {
    throw new WardenError('integrity', `the blob ${digest} has ${stored} bytes instead of ${size}`)
  }
  // foreign layers are pulled from elsewhere: no layout has to have them
  if (!isForeignLayer(mediaType)) throw missing(blobName(digest), 'integrity')
}

async function required(store: FileStore, name: string, most: number): Promise<Buffer> {
  const bytes = await store.read(name, most)
  if (bytes === null) throw missing(name, name.startsWith('blobs/') ? 'integrity' : 'protocol')
  return bytes
}

function missing(name: string, kind: ErrorKind): WardenError {
  const advice = name.includes('/') ? 'Was it written or copied completely?' : 'Is it an OCI layout?'
  return new WardenError(kind, `there is no ${listNames([name])}`, { advice })
}

/** A digest has no slash and is never only dots, so this stays below `blobs`. */
function blobName(digest: Digest): string {
  return `blobs/${digestAlgorithm(digest)}/${digestHex(digest)}`
}
