import { WardenError } from '../domain/errors.ts'
import type { Descriptor, ResolvedManifest } from '../domain/manifest/manifest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { digestHex, shortDigest } from '../domain/names/digest.ts'
import { asBytes } from '../domain/quantities/bytes.ts'
import { MAX_CONFIG_BYTES, parseImageConfig } from '../wire/config.ts'
import { contentDigest } from '../wire/content-digest.ts'
import { parseDiffIds, parseSavedImages } from '../wire/local-image.ts'
import type { SavedImage } from '../wire/local-image.ts'
import { MAX_MANIFEST_BYTES } from '../wire/manifest.ts'
import type { Archive } from './archive.ts'
import { weighLayer } from './layer-weight.ts'
import type { LayerWeight } from './layer-weight.ts'
import { quoted } from './file-errors.ts'
import { listNames, tagsOfNames } from './local-image.ts'
import type { LocalImage } from './local-image.ts'

const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json'
const CONFIG_TYPE = 'application/vnd.docker.container.image.v1+json'
const LAYER_TYPE = 'application/vnd.docker.image.rootfs.diff.tar'

/** A saved image with its config: what is known before its layers are read. */
interface Saved {
  readonly archive: Archive
  readonly image: SavedImage
  readonly config: Buffer
  /**
   * of the config, which Docker calls the image ID: the archive has no manifest as a registry would have it
   */
  readonly digest: Digest
  /** of `manifest.json` */
  readonly size: number
}

/**
 * The image of a `docker save` archive: its `manifest.json` names config and layers, before Docker 25 as
 * `<id>/layer.tar`, since then as blobs of an OCI layout. Its digest is that of the config. Layers that are
 * not compressed are compressed by gzip to estimate what a registry would store; this happens when the
 * manifest is asked for.
 */
export async function openDockerImage(archive: Archive): Promise<LocalImage> {
  const saved = await readSaved(archive)
  const tags = tagsOfNames(saved.image.names)
  let resolved: Promise<ResolvedManifest> | null = null
  const weigh = async (): Promise<ResolvedManifest> => {
    resolved ??= weighImage(saved)
    return resolved
  }
  return {
    top: saved.digest,
    tag: tags.length === 1 ? (tags[0] ?? null) : null,
    manifest: async (name) => {
      if (name !== saved.digest && !tags.some((tag) => tag === name)) {
        throw new WardenError('not-found', `${name} is not in the archive`)
      }
      return weigh()
    },
    config: async (descriptor) => parseImageConfig(saved.config, descriptor),
    blobSize: async (digest) => {
      throw new WardenError('not-found', `${digest} is not in the archive`)
    },
    tags: async () => tags,
    layers: {
      isLocal: true,
      isExact: false,
      open: ({ digest }) => streamLayer(saved, weigh, digest),
    },
  }
}

/** By the digest that its bytes were found to have when the image was weighed. */
async function* streamLayer(
  { archive, image }: Saved,
  weigh: () => Promise<ResolvedManifest>,
  digest: Digest,
): AsyncGenerator<Buffer, void> {
  const { manifest } = await weigh()
  const layers = manifest.kind === 'image' ? manifest.layers : []
  const name = image.layers[layers.findIndex((layer) => layer.digest === digest)]
  if (name === undefined) throw lacks(digest)
  yield* archive.stream(name)
}

async function readSaved(archive: Archive): Promise<Saved> {
  const list = await archive.read('manifest.json', MAX_MANIFEST_BYTES)
  if (list === null) throw await noManifest(archive)
  const image = onlyImage(parseSavedImages(list))
  const config = await archive.read(image.config, MAX_CONFIG_BYTES)
  if (config === null) throw lacks(image.config)
  const digest = contentDigest(config)
  checkName(image.config, digest)
  return { archive, image, config, digest, size: list.length }
}

async function noManifest(archive: Archive): Promise<WardenError> {
  const isLayout = (await archive.size('index.json')) !== null
  return new WardenError('protocol', 'there is no manifest.json', {
    advice: isLayout ? 'It is an OCI archive: write oci-archive://' : 'Is it made by docker save?',
  })
}

/** The same image saved under several names may be listed once for each. */
function onlyImage(images: readonly SavedImage[]): SavedImage {
  const [first, ...others] = images
  if (first === undefined) throw new WardenError('not-found', 'manifest.json lists no image')
  if (others.every(({ config }) => config === first.config)) {
    return { ...first, names: images.flatMap(({ names }) => names) }
  }
  const names = images.map((image) => image.names[0] ?? image.config)
  throw new WardenError('input', `several images are in it: ${listNames(names)}`, {
    advice: `Save each to a file of its own: docker save -o FILE ${listNames(names.slice(0, 1))}`,
  })
}

async function weighImage({ archive, image, config, digest, size }: Saved): Promise<ResolvedManifest> {
  const members = image.layers.map((layer) => {
    const member = archive.resolve(layer)
    if (member === null) throw lacks(layer)
    return member
  })
  const weights = new Map<string, LayerWeight>()
  await archive.visit(new Set(members), async (member, content) => {
    weights.set(member, await weighLayer(content))
  })
  const weighed = members.map((member) => {
    const weight = weights.get(member)
    if (weight === undefined) throw lacks(member)
    checkName(member, weight.digest)
    return weight
  })
  checkDiffIds(weighed, parseDiffIds(config))
  return {
    digest,
    size: asBytes(size),
    estimated: weighed.some(({ compression }) => compression === 'none'),
    manifest: {
      kind: 'image',
      mediaType: MANIFEST_TYPE,
      config: descriptor(digest, config.length, CONFIG_TYPE),
      // an estimate is about the layer that docker push would make of it, so it has the type of that one
      layers: weighed.map((layer) =>
        descriptor(
          layer.digest,
          layer.size,
          `${LAYER_TYPE}.${layer.compression === 'zstd' ? 'zstd' : 'gzip'}`,
        ),
      ),
      annotations: new Map(),
      subject: null,
      artifactType: null,
    },
  }
}

/** The config names the layers by the digests of their uncompressed archives. */
function checkDiffIds(layers: readonly LayerWeight[], diffIds: readonly Digest[]): void {
  if (diffIds.length === 0) return
  if (diffIds.length !== layers.length) {
    const counts = `${layers.length} layers, its config ${diffIds.length}`
    throw new WardenError('integrity', `manifest.json lists ${counts}`)
  }
  for (const [position, { digest, compression }] of layers.entries()) {
    const named = diffIds[position]
    if (compression !== 'none' || named === undefined || named === digest || !named.startsWith('sha256:'))
      continue
    throw new WardenError(
      'integrity',
      `layer ${position + 1} is ${shortDigest(digest)}, but the config names ${shortDigest(named)}`,
    )
  }
}

/**
 * `<sha256>.json`, `sha256:<sha256>` and `blobs/sha256/<sha256>` promise what is in them; other names are
 * free.
 */
function checkName(name: string, digest: Digest): void {
  const [, hex] = /^(?:blobs\/sha256\/|sha256:)?([a-f0-9]{64})(?:\.json)?$/.exec(name) ?? []
  if (hex === undefined || hex === digestHex(digest)) return
  throw new WardenError('integrity', `${name} has the digest ${digest}`)
}

function descriptor(digest: Digest, size: number, mediaType: string): Descriptor {
  return {
    mediaType,
    digest,
    size: asBytes(size),
    platform: null,
    artifactType: null,
    annotations: new Map(),
  }
}

function lacks(name: string): WardenError {
  return new WardenError('integrity', `manifest.json names ${quoted(name)}, which is not in the archive`)
}
