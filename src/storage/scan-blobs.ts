import pMap from 'p-map'
import { WardenError } from '../domain/errors.ts'
import { digestHex } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { needsOf } from '../domain/storage/garbage.ts'
import type { Damage, LayerLink, Needs, StorageScan } from '../domain/storage/garbage.ts'
import { hasDigest } from '../wire/content-digest.ts'
import { parseJsonObject } from '../wire/json.ts'
import { MAX_MANIFEST_BYTES, parseManifest } from '../wire/manifest.ts'
import type { ForeignEntry, StorageFiles } from './files.ts'
import { BLOBS, blobFile, blobFolder, digestOfParts } from './layout.ts'
import { foreignDamage, orDamage, scanRepositories } from './scan.ts'

/** Everything that decides what is garbage, and what sweeping it takes. */
export interface WholeScan extends StorageScan {
  readonly repositories: readonly string[]
  /** by the digests that the blobs are stored by */
  readonly layerLinks: ReadonlyMap<Digest, readonly LayerLink[]>
  /** folders of blobs that are gone */
  readonly emptied: readonly string[]
}

const AT_ONCE = 16

/** Reads all of a storage: links, blobs, and the manifests that they name. Damage is reported, and keeps what it may hide. */
export async function scanStorage(files: StorageFiles): Promise<WholeScan> {
  const links = await scanRepositories(files)
  const { damage, holdings, pinned, aliases } = links
  const found = await scanBlobs(files, damage)
  const held = new Set(holdings.map(({ digest }) => digest))
  const needs = await readNeeds(files, { held, pinned, aliases, blobs: found.blobs, damage })
  return { ...links, ...found, needs }
}

interface FoundBlobs {
  readonly blobs: ReadonlySet<Digest>
  readonly emptied: readonly string[]
}

async function scanBlobs(files: StorageFiles, damage: Damage[]): Promise<FoundBlobs> {
  const blobs = new Set<Digest>()
  const emptied: string[] = []
  const tell = (path: string, kind: ForeignEntry['kind']) => damage.push(foreignDamage({ path, kind }))
  const foldersIn = async (path: string): Promise<string[]> => {
    const entries = (await files.list(path)) ?? []
    for (const { name, kind } of entries) if (kind !== 'folder') tell(`${path}/${name}`, kind)
    return entries.flatMap(({ name, kind }) => (kind === 'folder' ? [name] : []))
  }
  const lookAt = async (algorithm: string, folder: string, name: string) => {
    const digest = digestOfParts(algorithm, name)
    if (digest === null || blobFolder(digest) !== `${folder}/${name}`) {
      tell(`${folder}/${name}`, 'folder')
      return
    }
    const entries = (await files.list(blobFolder(digest))) ?? []
    if (entries.length === 0) emptied.push(blobFolder(digest))
    for (const entry of entries) {
      if (entry.name === 'data' && entry.kind === 'file') blobs.add(digest)
      else tell(`${blobFolder(digest)}/${entry.name}`, entry.kind)
    }
  }
  for (const algorithm of await foldersIn(BLOBS)) {
    for (const prefix of await foldersIn(`${BLOBS}/${algorithm}`)) {
      const folder = `${BLOBS}/${algorithm}/${prefix}`
      await orDamage(damage, folder, async () => {
        const look = (name: string) => lookAt(algorithm, folder, name)
        await pMap(await foldersIn(folder), look, { concurrency: AT_ONCE })
      })
    }
  }
  return { blobs, emptied }
}

interface NeedsContext {
  /** manifests that a repository holds */
  readonly held: ReadonlySet<Digest>
  readonly pinned: readonly Digest[]
  readonly aliases: StorageScan['aliases']
  readonly blobs: ReadonlySet<Digest>
  readonly damage: Damage[]
}

/** Reads every manifest that is held, and all that these lead to. */
async function readNeeds(files: StorageFiles, context: NeedsContext): Promise<ReadonlyMap<Digest, Needs>> {
  const { held, pinned, blobs, damage, aliases } = context
  const isThere = (blob: Digest) =>
    blobs.has(blob) || (aliases.get(blob) ?? []).some((stored) => blobs.has(stored))
  const needs = new Map<Digest, Needs>()
  const seen = new Set<Digest>([...held, ...pinned])
  for (let wave = [...seen]; wave.length > 0;) {
    const named: Digest[] = []
    const look = (digest: Digest) =>
      orDamage(damage, blobFile(digest), async () => {
        const found = await needsOfStored(files, digest, context)
        if (found === null) return
        needs.set(digest, found)
        named.push(...found.manifests)
        for (const blob of found.blobs) {
          if (!isThere(blob))
            damage.push({ path: blobFile(blob), what: `is missing, and ${digest} needs it`, hides: false })
        }
      })
    await pMap(wave, look, { concurrency: AT_ONCE })
    wave = [...new Set(named)].filter((digest) => !seen.has(digest))
    for (const digest of wave) seen.add(digest)
  }
  return needs
}

/**
 * Null: it needs nothing, as it is not a manifest or is not there. An index may list what no registry here
 * has: what is not there needs nothing either.
 * @throws WardenError when what it needs cannot be told
 */
async function needsOfStored(
  files: StorageFiles,
  digest: Digest,
  { held, blobs }: NeedsContext,
): Promise<Needs | null> {
  const isHeld = held.has(digest)
  const facts = blobs.has(digest) ? await files.facts(blobFile(digest)) : null
  if (facts === null) {
    if (!isHeld) return null
    throw new WardenError('integrity', 'it is missing, and a repository holds it as a manifest')
  }
  // the registry takes no manifest of that size, so what an index of an unknown type lists there is a blob
  if (facts.size > MAX_MANIFEST_BYTES && !isHeld) return null
  const bytes = (await files.read(blobFile(digest), MAX_MANIFEST_BYTES)) ?? Buffer.alloc(0)
  if (hasDigest(bytes, digest) === false)
    throw new WardenError('integrity', `its content is not that of ${digestHex(digest).slice(0, 12)}`)
  if (!isHeld && !isJson(bytes)) return null
  return needsOf(parseManifest(bytes, null, digest).manifest)
}

function isJson(bytes: Buffer): boolean {
  try {
    parseJsonObject(bytes, 'the blob')
    return true
  } catch (error) {
    if (error instanceof WardenError) return false
    throw error
  }
}
