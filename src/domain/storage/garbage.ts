import type { Manifest } from '../manifest/manifest.ts'
import { isBlobType, isForeignLayer, isManifestType } from '../manifest/media-type.ts'
import type { Digest } from '../names/digest.ts'
import { asBytes, sumBytes } from '../quantities/bytes.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { Duration } from '../quantities/duration.ts'
import type { Timestamp } from '../quantities/timestamp.ts'
import { counted } from '../text.ts'

/** A manifest that a repository holds. */
export interface HeldManifest {
  /** path of the repository */
  readonly repository: string
  readonly digest: Digest
}

/** What a manifest needs to be served whole. */
export interface Needs {
  readonly manifests: readonly Digest[]
  readonly blobs: readonly Digest[]
  /** layers that clients fetch from elsewhere, so that most registries do not have them */
  readonly foreign: readonly Digest[]
}

/** Something in the storage folder that is not as the registry writes it; it is named and left alone. */
export interface Damage {
  readonly path: string
  readonly what: string
  /** true where it hides what other things need, so that nobody can say what is garbage */
  readonly hides: boolean
}

export interface UnfinishedUpload {
  readonly path: string
  /** when something of it was written last; null: not known */
  readonly active: Timestamp | null
}

/** Everything that decides what is garbage. */
export interface StorageScan {
  /** every manifest of every repository, tagged or not: the registry serves each of them */
  readonly holdings: readonly HeldManifest[]
  /** blobs that are kept whatever names them, such as the signatures of old schema 1 manifests */
  readonly pinned: readonly Digest[]
  /** by which digests the blobs are stored that something may need by another one (sha512) */
  readonly aliases: ReadonlyMap<Digest, readonly Digest[]>
  /** what is needed by each manifest that any of them leads to; what is not in here needs nothing */
  readonly needs: ReadonlyMap<Digest, Needs>
  readonly blobs: ReadonlySet<Digest>
  readonly uploads: readonly UnfinishedUpload[]
  readonly damage: readonly Damage[]
}

export interface StoredBlobFacts {
  readonly digest: Digest
  readonly size: Bytes
  /** when it, or a link to it, was written last */
  readonly written: Timestamp
}

/** How a garbage collection ended, or, in a dry run, would end. */
export interface GarbageCollection {
  /**
   * - `planned`: dry run. `swept`: all garbage is gone that is old enough. `partial`: stopped early.
   * - `skipped`: not begun, since the prune before it did not end well. `refused`: not begun, since it could
   *   have taken something that is needed. `failed`: a file could not be removed.
   */
  readonly state: 'planned' | 'swept' | 'partial' | 'skipped' | 'refused' | 'failed'
  /** why it is not all done; null where it is */
  readonly why: string | null
  /** of what was swept, or would be */
  readonly blobs: number
  /** their file sizes: what the disk gives back */
  readonly bytes: Bytes
  /** garbage that stays for being younger than `untagged-grace` */
  readonly young: number
  readonly damage: readonly Damage[]
}

/**
 * `goes`: manifests that a dry run would delete, so that what they need counts as garbage. In a real run the
 * folder itself says what it holds: what was deleted may have been pushed again since.
 */
export type GarbageRequest = { readonly grace: Duration } & (
  { readonly dryRun: true; readonly goes: readonly HeldManifest[] } | { readonly dryRun: false }
)

export type CollectGarbage = (request: GarbageRequest) => Promise<GarbageCollection>

export const NOTHING_SWEPT = { blobs: 0, bytes: asBytes(0), young: 0, damage: [] } as const

/** What a manifest needs, each digest of it. */
export function needsOf(manifest: Manifest): Needs {
  switch (manifest.kind) {
    case 'index': {
      const children = manifest.manifests.filter(({ mediaType }) => !isBlobType(mediaType))
      const others = manifest.manifests.filter(({ mediaType }) => !isManifestType(mediaType))
      return {
        manifests: [...children, ...subjectOf(manifest)].map(({ digest }) => digest),
        blobs: others.map(({ digest }) => digest),
        foreign: [],
      }
    }
    case 'image':
    case 'artifact': {
      const config = manifest.config === null ? [] : [manifest.config]
      const isForeign = ({ mediaType }: { readonly mediaType: string }) => isForeignLayer(mediaType)
      return {
        manifests: subjectOf(manifest).map(({ digest }) => digest),
        blobs: [...config, ...manifest.layers.filter((layer) => !isForeign(layer))].map(
          ({ digest }) => digest,
        ),
        foreign: manifest.layers.filter(isForeign).map(({ digest }) => digest),
      }
    }
    case 'schema1':
      return { manifests: [], blobs: manifest.layers.map(({ digest }) => digest), foreign: [] }
    default:
      return { manifests: manifest.mentions ?? [], blobs: [], foreign: [] }
  }
}

function subjectOf({ subject }: { readonly subject: { readonly digest: Digest } | null }) {
  return subject === null ? [] : [subject]
}

const UPLOAD_REST = 60 * 60 * 1000

/** Why nothing may be swept; null: something may. */
export function refusalToSweep({ damage, uploads }: StorageScan, now: Timestamp): string | null {
  const hiding = damage.filter(({ hides }) => hides)
  const [first] = hiding
  if (first !== undefined) {
    const more = hiding.length === 1 ? '' : ` (and ${hiding.length - 1} more)`
    return `what is needed cannot be told: ${first.path} ${first.what}${more}. Repair it or delete it, then run again`
  }
  const young = uploads.filter(({ active }) => active === null || active > now - UPLOAD_REST)
  const [upload] = young
  if (upload === undefined) return null
  return `${counted(young.length, 'upload')} younger than an hour, such as ${upload.path}: the registry is to be stopped or read-only`
}

/** Every blob that something needs which stays. */
export function markedBlobs(
  { holdings, pinned, needs, aliases }: StorageScan,
  goes: readonly HeldManifest[] = [],
): ReadonlySet<Digest> {
  const going = new Set(goes.map(keyOf))
  const stays = holdings.filter((holding) => !going.has(keyOf(holding)))
  const marked = new Set<Digest>([...stays.map(({ digest }) => digest), ...pinned])
  // a Set hands out what is added while it is gone through
  for (const digest of marked) {
    const { manifests = [], blobs = [], foreign = [] } = needs.get(digest) ?? {}
    const stored = aliases.get(digest) ?? []
    for (const needed of [...manifests, ...blobs, ...foreign, ...stored]) marked.add(needed)
  }
  return marked
}

/** The link by which a repository knows a blob as a layer or config. */
export interface LayerLink {
  readonly repository: string
  /** as it is named, which may be by another digest than the blob is stored by */
  readonly digest: Digest
  readonly folder: string
}

/**
 * The links of blobs that stay, in repositories of which nothing needs them any more. The registry's own
 * garbage collection removes them from 3.0 on.
 */
export function needlessLinks(
  scan: StorageScan,
  links: ReadonlyMap<Digest, readonly LayerLink[]>,
): LayerLink[] {
  const garbage = new Set(garbageOf(scan))
  const staying = [...links].flatMap(([stored, those]) => (garbage.has(stored) ? [] : those))
  const holdings = Map.groupBy(scan.holdings, ({ repository }) => repository)
  return [...Map.groupBy(staying, ({ repository }) => repository)].flatMap(([repository, those]) => {
    const needed = markedBlobs({ ...scan, holdings: holdings.get(repository) ?? [] })
    return those.filter(({ digest }) => !needed.has(digest))
  })
}

/** The blobs that nothing needs which stays. */
export function garbageOf(scan: StorageScan, goes: readonly HeldManifest[] = []): Digest[] {
  const marked = markedBlobs(scan, goes)
  return [...scan.blobs].filter((digest) => !marked.has(digest)).toSorted()
}

/** Splits garbage by age: a push has no upload left between its blobs and its manifest. */
export function splitByAge(
  garbage: readonly StoredBlobFacts[],
  grace: Duration,
  now: Timestamp,
): { readonly old: readonly StoredBlobFacts[]; readonly young: readonly StoredBlobFacts[] } {
  const isOld = ({ written }: StoredBlobFacts) => written <= now - grace
  return { old: garbage.filter(isOld), young: garbage.filter((blob) => !isOld(blob)) }
}

/** On disk, all together. */
export function bytesOf(blobs: readonly StoredBlobFacts[]): Bytes {
  return sumBytes(blobs.map(({ size }) => size))
}

/** Whether both scans saw the same manifests: else the registry is at work. */
export function sameHoldings(a: readonly HeldManifest[], b: readonly HeldManifest[]): boolean {
  const keys = new Set(a.map(keyOf))
  return a.length === b.length && b.every((holding) => keys.has(keyOf(holding)))
}

function keyOf({ repository, digest }: HeldManifest): string {
  return `${repository}@${digest}`
}
