import { WardenError } from '../../domain/errors.ts'
import type { LayerBlob, LayerStore } from '../../domain/explain/ports.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { ImageReader } from '../../domain/ports.ts'
import type { JudgedImage, JudgedPlatform } from '../../domain/size/report.ts'

/** An image by what a report has of it: its name, and its repository where it is in a registry. */
export interface NamedSource {
  readonly name: string
  readonly repository: string | null
}

/** Finds the reader that an image, or a baseline, was read by. */
export type ReaderOf = (source: NamedSource) => ImageReader | null

/** The layers of one platform image, and where they can be read. */
export interface LayerSource {
  readonly store: LayerStore
  readonly blobs: ReadonlyMap<Digest, LayerBlob>
}

/** Null where there is no way to read layers. Manifests were read before, so nothing is asked for again. */
export async function sourceOfImage(
  image: JudgedImage,
  platform: JudgedPlatform,
  readerOf: ReaderOf,
): Promise<LayerSource | null> {
  const reader = readerOf(image)
  if (reader?.layers === undefined) return null
  const named = await namedLayers(reader, platform.digest)
  // schema 1 names no sizes, and what could not be read again has no annotations
  const blobs = platform.layers.map(({ digest, size, mediaType }): LayerBlob => {
    return named.get(digest) ?? { digest, size, mediaType, annotations: new Map() }
  })
  return { store: reader.layers, blobs: byDigest(blobs) }
}

/** The layers of what a platform image was compared with; null where nothing was compared. */
export async function sourceOfBaseline(
  { baseline }: JudgedImage,
  { growth }: JudgedPlatform,
  readerOf: ReaderOf,
): Promise<LayerSource | null> {
  if (baseline?.state !== 'found' || (growth?.state !== 'changed' && growth?.state !== 'unchanged'))
    return null
  const reader = readerOf({ name: baseline.name, repository: repositoryOf(baseline.name) })
  if (reader?.layers === undefined) return null
  return { store: reader.layers, blobs: await namedLayers(reader, growth.baseline.digest) }
}

/**
 * `ghcr.io/acme/api` of `ghcr.io/acme/api:main` and `ghcr.io/acme/api@sha256:…`; null for a file or folder.
 */
function repositoryOf(name: string): string | null {
  if (/^[a-z-]+:\/\//.test(name)) return null
  const [path = ''] = name.split('@', 1)
  const colon = path.lastIndexOf(':')
  return colon > path.lastIndexOf('/') ? path.slice(0, colon) : path
}

async function namedLayers(reader: ImageReader, digest: Digest): Promise<ReadonlyMap<Digest, LayerBlob>> {
  try {
    const { manifest } = await reader.manifest(digest)
    if (manifest.kind === 'image' || manifest.kind === 'artifact') return byDigest(manifest.layers)
    // BuildKit's cache lists its layers where others have manifests
    return manifest.kind === 'index' ? byDigest(manifest.manifests) : new Map()
  } catch (error) {
    if (error instanceof WardenError) return new Map()
    throw error
  }
}

function byDigest(blobs: readonly LayerBlob[]): Map<Digest, LayerBlob> {
  return new Map(blobs.map((blob) => [blob.digest, blob]))
}
