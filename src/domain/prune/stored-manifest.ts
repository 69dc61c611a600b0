import type { Descriptor, Manifest, ResolvedManifest } from '../manifest/manifest.ts'
import {
  isAttestation,
  isBlobType,
  isCacheConfigType,
  isForeignLayer,
  isManifestType,
} from '../manifest/media-type.ts'
import type { Digest } from '../names/digest.ts'
import type { Bytes } from '../quantities/bytes.ts'
import { isPlaceholder } from './placeholder.ts'
import type { AgeObservation, NamedAsBlob, StoredBlob, StoredManifest } from './inventory.ts'

/** What cannot be read from the manifest itself. */
export interface StoredFacts {
  readonly ages?: readonly AgeObservation[]
  readonly locked?: string | null
  /** for schema 1: the sizes of its layers, as far as they were asked for */
  readonly layerSizes?: ReadonlyMap<Digest, Bytes>
}

type Parts = Pick<StoredManifest, 'children' | 'platforms' | 'subject' | 'blobs' | 'mentions'>

const NOTHING: Parts = { children: [], platforms: [], subject: null, blobs: [] }

/** Reduces a manifest to what the plan needs of it, so that tens of thousands fit into memory. */
export function storedManifest(resolved: ResolvedManifest, facts: StoredFacts = {}): StoredManifest {
  return {
    state: 'stored',
    kind: resolved.manifest.kind,
    mediaType: resolved.manifest.mediaType,
    size: resolved.size,
    ...parts(resolved.manifest, facts),
    ages: facts.ages ?? [],
    locked: facts.locked ?? null,
    ...(isPlaceholder(resolved.manifest) ? { isPlaceholder: true } : {}),
  }
}

function parts(manifest: Manifest, facts: StoredFacts): Parts {
  switch (manifest.kind) {
    case 'index':
      return indexParts(manifest)
    case 'image':
    case 'artifact': {
      const layers = manifest.layers.filter(({ mediaType }) => !isForeignLayer(mediaType))
      const blobs = manifest.config === null ? layers : [manifest.config, ...layers]
      return {
        ...NOTHING,
        subject: manifest.subject?.digest ?? null,
        blobs: blobs.map(storedBlob),
        ...mentionsIn(manifest.layers),
      }
    }
    case 'schema1':
      return { ...NOTHING, blobs: schema1Blobs(manifest.layers, facts) }
    default:
      return { ...NOTHING, children: manifest.mentions ?? [] }
  }
}

/**
 * Some tools bundle images in an artifact, as its layers; what is bundled may be an index. A foreign layer may
 * be stored here all the same, and whatever has its digest.
 */
function mentionsIn(layers: readonly Descriptor[]): { mentions?: readonly NamedAsBlob[] } {
  const mentions = layers.flatMap(({ digest, mediaType }): NamedAsBlob[] => {
    const isManifest = isManifestType(mediaType)
    return isManifest || isForeignLayer(mediaType) ? [{ digest, isManifest }] : []
  })
  return mentions.length === 0 ? {} : { mentions }
}

/**
 * BuildKit's cache lists layers and its config in an index: these are blobs, never children. In any other index
 * an entry may be a manifest whatever its type says. One of a type that nobody knows counts as a child.
 */
function indexParts(manifest: Extract<Manifest, { kind: 'index' }>): Parts {
  const children = manifest.manifests.filter(
    ({ mediaType }) => isManifestType(mediaType) || !isBlobType(mediaType),
  )
  const blobs = manifest.manifests.filter(({ mediaType }) => !isManifestType(mediaType))
  return {
    children: children.map(({ digest }) => digest),
    platforms: children.filter((entry) => !isAttestation(entry)).map(({ digest }) => digest),
    subject: manifest.subject?.digest ?? null,
    blobs: blobs.map(storedBlob),
    ...(blobs.length === 0 || manifest.manifests.some(isCacheConfig)
      ? {}
      : { mentions: blobs.map(({ digest }) => ({ digest, isManifest: true })) }),
  }
}

function isCacheConfig({ mediaType }: Descriptor): boolean {
  return isCacheConfigType(mediaType)
}

function schema1Blobs(layers: readonly { readonly digest: Digest }[], facts: StoredFacts): StoredBlob[] {
  return layers.map(({ digest }) => ({ digest, size: facts.layerSizes?.get(digest) ?? null }))
}

function storedBlob({ digest, size }: { readonly digest: Digest; readonly size: Bytes }): StoredBlob {
  return { digest, size }
}
