import { createHash } from 'node:crypto'
import { WardenError } from '../../src/domain/errors.ts'
import type {
  Descriptor,
  ImageConfig,
  Manifest,
  ResolvedManifest,
} from '../../src/domain/manifest/manifest.ts'
import { parseDigest } from '../../src/domain/names/digest.ts'
import type { Digest } from '../../src/domain/names/digest.ts'
import { platformOf } from '../../src/domain/names/platform.ts'
import type { Platform } from '../../src/domain/names/platform.ts'
import { parseTag } from '../../src/domain/names/tag.ts'
import type { Tag } from '../../src/domain/names/tag.ts'
import type { ImageReader } from '../../src/domain/ports.ts'
import { asBytes } from '../../src/domain/quantities/bytes.ts'
import type { Bytes } from '../../src/domain/quantities/bytes.ts'

/** A digest that stands for content, made from a name. */
export function digestOf(name: string): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(name).digest('hex')}`)
}

export function descriptor(
  name: string,
  size: number,
  mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip',
  rest: Partial<Descriptor> = {},
): Descriptor {
  return {
    mediaType,
    digest: digestOf(name),
    size: asBytes(size),
    platform: null,
    artifactType: null,
    annotations: new Map(),
    ...rest,
  }
}

const PLAIN = { annotations: new Map<string, string>(), subject: null, artifactType: null }

/** An image of the config `<name>.config` (of `configSize` bytes) and layers named and sized as given. */
export function image(configName: string, configSize: number, layers: Record<string, number>): Manifest {
  return {
    kind: 'image',
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor(configName, configSize, 'application/vnd.oci.image.config.v1+json'),
    layers: Object.entries(layers).map(([name, size]) => descriptor(name, size)),
    ...PLAIN,
  }
}

export function index(...manifests: Descriptor[]): Manifest {
  return { kind: 'index', mediaType: 'application/vnd.oci.image.index.v1+json', manifests, ...PLAIN }
}

export function entry(name: string, platform: Platform | null, rest: Partial<Descriptor> = {}): Descriptor {
  return descriptor(name, 500, 'application/vnd.oci.image.manifest.v1+json', { platform, ...rest })
}

export function platform(text: string): Platform {
  const [os = '', architecture = '', variant] = text.split('/')
  return platformOf({ os, architecture, ...(variant === undefined ? {} : { variant }) })
}

export interface FakeContent {
  /** tag → manifest name */
  readonly tags?: Record<string, string>
  /** manifest name → manifest */
  readonly manifests?: Record<string, Manifest>
  /** config name → what it says */
  readonly configs?: Record<string, Partial<ImageConfig>>
  /** blob name → stored size */
  readonly blobs?: Record<string, number>
  /** names (tags, manifests, blobs) whose reading fails with this error */
  readonly faults?: Record<string, WardenError>
}

/**
 * An image reader over plain content that notes what it had to ask for, in order; configs and blobs once, as
 * the port says.
 */
export function fakeReader(content: FakeContent): ImageReader & { readonly asked: string[] } {
  const asked: string[] = []
  const names = new Map<string, string>()
  const known = [content.manifests, content.configs, content.blobs].flatMap((group) =>
    Object.keys(group ?? {}),
  )
  for (const name of known) names.set(digestOf(name), name)
  const ask = (what: string, key: string): string => {
    const name = names.get(key) ?? key
    const line = `${what} ${name}`
    if (what === 'manifest' || !asked.includes(line)) asked.push(line)
    const fault = content.faults?.[name]
    if (fault !== undefined) throw fault
    return name
  }
  return {
    asked,
    manifest: async (key: Tag | Digest): Promise<ResolvedManifest> => {
      const asked = ask('manifest', key)
      const name = content.tags?.[asked] ?? asked
      const manifest = content.manifests?.[name]
      if (manifest === undefined) throw new WardenError('not-found', `${asked} does not exist`)
      return { digest: digestOf(name), size: asBytes(500), manifest }
    },
    config: async (wanted: Descriptor): Promise<ImageConfig> => {
      const name = ask('config', wanted.digest)
      const silent = { platform: platform('linux/amd64'), created: null, history: [], labels: new Map() }
      return { ...silent, ...content.configs?.[name] }
    },
    blobSize: async (digest: Digest): Promise<Bytes> => {
      const size = content.blobs?.[ask('blob', digest)]
      if (size === undefined) throw new WardenError('not-found', `blob ${digest} does not exist`)
      return asBytes(size)
    },
    tags: async (): Promise<readonly Tag[]> => {
      ask('tags', 'list')
      return Object.keys(content.tags ?? {}).map((tag) => parseTag(tag, 'tag'))
    },
  }
}
