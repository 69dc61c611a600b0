import { WardenError } from '../../domain/errors.ts'
import { isAttestation, isBlobType, isManifestType } from '../../domain/manifest/media-type.ts'
import type {
  ArtifactManifest,
  Descriptor,
  ImageManifest,
  IndexManifest,
  ResolvedManifest,
  Schema1Manifest,
} from '../../domain/manifest/manifest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import { formatPlatform } from '../../domain/names/platform.ts'
import type { Platform } from '../../domain/names/platform.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { ImageReader } from '../../domain/ports.ts'
import { selectsPlatform } from '../../domain/size/selection.ts'
import type { PlatformSelection } from '../../domain/size/selection.ts'

/** A manifest with the platform images found below it; attestations are never among them. */
export interface ImageTree {
  readonly top: ResolvedManifest
  readonly leaves: readonly Leaf[]
  /** every platform that an index entry names, selected or not */
  readonly seen: readonly Platform[]
  readonly notices: readonly string[]
  /** platform images that an index lists and the registry does not have */
  readonly missing: readonly string[]
}

/** One platform image, or an artifact, below what was asked for. */
export interface Leaf {
  readonly digest: Digest
  /** as the index entry says; null: only the config can tell */
  readonly platform: Platform | null
  readonly manifest: ImageManifest | ArtifactManifest | Schema1Manifest
  /** layer sizes are estimates */
  readonly estimated: boolean
}

/**
 * Nested indexes are legal at any depth; nobody builds them deeper, and a registry may not make us follow
 * forever.
 */
const MAX_DEPTH = 4
/** Most platform images below one tag; a hostile registry could otherwise answer with a tree of millions. */
const MAX_LEAVES = 1000

/**
 * Reads a manifest and what an index lists, at any depth, each digest once for each platform it is listed
 * under. Entries whose platform is known and not selected are never asked for.
 */
export async function readImageTree(
  reader: ImageReader,
  name: Tag | Digest,
  platforms: PlatformSelection,
): Promise<ImageTree> {
  return readTreeBelow(reader, await reader.manifest(name), platforms)
}

/** As `readImageTree`, below a manifest that was read already. */
export async function readTreeBelow(
  reader: ImageReader,
  top: ResolvedManifest,
  platforms: PlatformSelection,
): Promise<ImageTree> {
  const walk: Walk = { reader, platforms, visited: new Set([top.digest]), seen: [], notices: [], missing: [] }
  const leaves = eachOnce(await leavesOf(walk, top, null, 0))
  return { top, leaves, seen: walk.seen, notices: walk.notices, missing: walk.missing }
}

/** A manifest that is listed with its platform and without is one image. */
function eachOnce(leaves: readonly Leaf[]): readonly Leaf[] {
  const named = new Set(leaves.flatMap(({ digest, platform }) => (platform === null ? [] : [digest])))
  return leaves.filter(({ digest, platform }) => platform !== null || !named.has(digest))
}

interface Walk {
  readonly reader: ImageReader
  readonly platforms: PlatformSelection
  /** entries as `entryKey` tells them apart */
  readonly visited: Set<string>
  readonly seen: Platform[]
  readonly notices: string[]
  readonly missing: string[]
}

async function leavesOf(
  walk: Walk,
  { digest, manifest, estimated = false }: ResolvedManifest,
  platform: Platform | null,
  depth: number,
): Promise<Leaf[]> {
  if (manifest.kind === 'index') return indexLeaves(walk, digest, manifest, depth)
  if (manifest.kind !== 'unknown') return [{ digest, platform, manifest, estimated }]
  walk.notices.push(
    `${digest} has the type ${manifest.mediaType}, which is not understood; it is not measured`,
  )
  return []
}

async function indexLeaves(walk: Walk, digest: Digest, index: IndexManifest, depth: number): Promise<Leaf[]> {
  const entries = index.manifests.filter((entry) => !isAttestation(entry))
  // BuildKit's cache is an index whose entries are layers: its blobs are what it weighs, there is nothing to
  // fetch.
  if (
    entries.length > 0 &&
    entries.every((entry) => entry.platform === null && isBlobType(entry.mediaType))
  ) {
    const manifest = { ...index, kind: 'artifact', config: null, layers: entries } as const
    return [{ digest, platform: null, manifest, estimated: false }]
  }
  if (entries.length === 0) walk.notices.push(`${digest} is an index without a platform image`)
  const nested = await Promise.all(entries.map((entry) => entryLeaves(walk, entry, depth)))
  return nested.flat()
}

async function entryLeaves(walk: Walk, entry: Descriptor, depth: number): Promise<Leaf[]> {
  // clients that go by the platform (Podman, older Docker) pull such an entry whatever type it claims
  if (entry.platform === null && !isManifestType(entry.mediaType)) {
    walk.notices.push(
      `${entry.digest} in an index has the type ${entry.mediaType}, which is not a manifest; it is not measured`,
    )
    return []
  }
  if (entry.platform !== null) {
    walk.seen.push(entry.platform)
    if (!selectsPlatform(walk.platforms, entry.platform)) return []
  }
  const key = entryKey(entry)
  if (walk.visited.has(key)) return []
  walk.visited.add(key)
  if (depth >= MAX_DEPTH || walk.visited.size > MAX_LEAVES) {
    throw new WardenError(
      'protocol',
      `the index lists more than ${MAX_LEAVES} images, or nests deeper than ${MAX_DEPTH}`,
      {
        advice: 'Measure one of its entries by digest instead',
      },
    )
  }
  try {
    return await leavesOf(walk, await walk.reader.manifest(entry.digest), entry.platform, depth + 1)
  } catch (error) {
    if (!(error instanceof WardenError && error.kind === 'not-found')) throw error
    walk.missing.push(`${entry.digest} is listed by the index, but the registry does not have it`)
    return []
  }
}

/**
 * One manifest may serve several platforms (scripts, Java): each is an image of its own to those who pull it.
 */
function entryKey({ digest, platform }: Descriptor): string {
  return platform === null ? digest : `${digest} ${formatPlatform(platform)}`
}
