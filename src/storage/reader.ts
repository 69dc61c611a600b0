import pMap from 'p-map'
import { WardenError } from '../domain/errors.ts'
import type { ResolvedManifest } from '../domain/manifest/manifest.ts'
import { isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatRepository } from '../domain/names/reference.ts'
import type { Repository } from '../domain/names/reference.ts'
import type { Tag } from '../domain/names/tag.ts'
import type { Log } from '../domain/ports.ts'
import type { PruneReader } from '../domain/prune/ports.ts'
import { asBytes } from '../domain/quantities/bytes.ts'
import { MAX_CONFIG_BYTES, parseImageConfig } from '../wire/config.ts'
import { MAX_MANIFEST_BYTES, parseManifest } from '../wire/manifest.ts'
import type { StorageFiles } from './files.ts'
import { blobFile, layerFolder, revisionsFolder, tagLink } from './layout.ts'
import {
  begunRemovals,
  digestFolders,
  hasRevision,
  isStoredAsNamed,
  listTagNames,
  readLink,
  storedAs,
} from './links.ts'

export interface StorageReaderParts {
  readonly files: StorageFiles
  readonly repository: Repository
  readonly log: Log
  /**
   * for those who delete: a name that is not a tag is an error, since it may need anything; default: left out
   */
  readonly forDeletes: boolean
}

/** How many files are read at once. */
const AT_ONCE = 16

/** Reads one repository of a storage folder as the registry would serve it, every manifest verified. */
export function createStorageReader({ files, repository, log, forDeletes }: StorageReaderParts): PruneReader {
  const { path } = repository
  const name = formatRepository(repository)
  let referrers: Promise<ReadonlyMap<Digest, readonly Digest[]>> | null = null

  /** What a name leads to; null where the registry would not find it. */
  async function digestOf(wanted: Tag | Digest): Promise<Digest | null> {
    const digest = isDigest(wanted) ? wanted : await readLink(files, tagLink(path, wanted))
    return digest !== null && (await hasRevision(files, path, digest)) ? digest : null
  }

  async function head(wanted: Tag | Digest): Promise<Digest | null> {
    const digest = await digestOf(wanted)
    return digest !== null && (await isBlob(files, digest)) ? digest : null
  }

  async function manifest(wanted: Tag | Digest): Promise<ResolvedManifest> {
    const digest = await digestOf(wanted)
    const resolved = digest === null ? null : await readStored(files, digest)
    if (resolved !== null) return resolved.resolved
    if ((await listTagNames(files, path)) === null) throw unknownRepository(name)
    const what = `manifest of ${name}${isDigest(wanted) ? '@' : ':'}${wanted}`
    throw new WardenError('not-found', `${what} does not exist in the storage folder`)
  }

  async function tags(onTags?: (tags: readonly Tag[]) => void): Promise<readonly Tag[]> {
    const names = await listTagNames(files, path)
    if (names === null) throw unknownRepository(name)
    for (const foreign of names.foreign)
      log.warning(`${foreign.path} is not the registry's, and is left as it is`)
    if (names.strange.length > 0) {
      const message = `${name} has ${names.strange.length} tags whose names are not valid, such as ${JSON.stringify(names.strange[0])}`
      if (forDeletes) throw new WardenError('protocol', message, { advice: 'Nothing is deleted here' })
      log.notice(`${message}; left out`)
    }
    const found = await withoutRemoved(names.tags)
    onTags?.(found)
    return found
  }

  /** A run that was killed has removed the manifest of some tags already; the next one finishes them. */
  async function withoutRemoved(all: readonly Tag[]): Promise<readonly Tag[]> {
    const removed = await begunRemovals(files, path)
    if (removed.size === 0) return all
    const isLeft = async (tag: Tag) => {
      const digest = await readLink(files, tagLink(path, tag)).catch(() => null)
      return digest === null || !removed.has(digest) || (await head(tag)) !== null
    }
    return (
      await pMap(all, async (tag) => ((await isLeft(tag)) ? [tag] : []), { concurrency: AT_ONCE })
    ).flat()
  }

  return {
    head,
    manifest,
    tags,
    exists: async (digest) => (await head(digest)) !== null,
    config: async (descriptor) => {
      const bytes = await files.read(await blobOf(files, path, descriptor.digest), MAX_CONFIG_BYTES)
      if (bytes === null) throw missingBlob(name, descriptor.digest)
      return parseImageConfig(bytes, descriptor)
    },
    blobSize: async (digest) => {
      const facts = await files.facts(await blobOf(files, path, digest))
      if (facts?.kind !== 'file') throw missingBlob(name, digest)
      return asBytes(facts.size)
    },
    layers: {
      isLocal: true,
      isExact: true,
      open: async function* ({ digest }, range) {
        yield* files.stream(await blobOf(files, path, digest), range)
      },
    },
    hasBlob: (digest) => hasBlob(files, path, digest),
    stored: async (digest) => {
      const found = await readStored(files, digest)
      if (found === null) throw missingBlob(name, digest)
      return { mediaType: found.resolved.manifest.mediaType, bytes: found.bytes }
    },
    listReferrers: async (digest) => {
      referrers ??= readReferrers(files, path)
      return (await referrers).get(digest) ?? []
    },
  }
}

/** Which manifests of a repository name which subject. */
async function readReferrers(
  files: StorageFiles,
  path: string,
): Promise<ReadonlyMap<Digest, readonly Digest[]>> {
  const { digests } = await digestFolders(files, revisionsFolder(path))
  const found = new Map<Digest, Digest[]>()
  const look = async (digest: Digest) => {
    const isThere = await hasRevision(files, path, digest)
    const stored = isThere ? await readStored(files, digest) : null
    const manifest = stored?.resolved.manifest
    const subject = manifest !== undefined && 'subject' in manifest ? manifest.subject : null
    if (subject === null) return
    found.set(subject.digest, [...(found.get(subject.digest) ?? []), digest])
  }
  await pMap(digests, look, { concurrency: AT_ONCE })
  return found
}

/**
 * A manifest out of the blobs, verified; null when it is not there.
 * @throws WardenError when the bytes are not what the digest says, or are not a manifest
 */
async function readStored(
  files: StorageFiles,
  digest: Digest,
): Promise<{ readonly resolved: ResolvedManifest; readonly bytes: Buffer } | null> {
  const bytes = await files.read(blobFile(digest), MAX_MANIFEST_BYTES)
  return bytes === null ? null : { resolved: parseManifest(bytes, null, digest), bytes }
}

/** The registry serves a blob to a repository that links it. */
export async function hasBlob(files: StorageFiles, path: string, digest: Digest): Promise<boolean> {
  if (!isStoredAsNamed(digest)) {
    const stored = await storedAs(files, path, digest)
    return stored !== null && (await isBlob(files, stored))
  }
  return (await isBlob(files, digest)) && (await files.facts(`${layerFolder(path, digest)}/link`)) !== null
}

/** The file of a blob as the repository knows it. */
async function blobOf(files: StorageFiles, path: string, digest: Digest): Promise<string> {
  return blobFile(isStoredAsNamed(digest) ? digest : ((await storedAs(files, path, digest)) ?? digest))
}

async function isBlob(files: StorageFiles, digest: Digest): Promise<boolean> {
  return (await files.facts(blobFile(digest)))?.kind === 'file'
}

function unknownRepository(name: string): WardenError {
  return new WardenError('not-found-repository', `${name} does not exist in the storage folder`, {
    advice: 'Check the name; the folder holds repositories below docker/registry/v2/repositories',
  })
}

function missingBlob(name: string, digest: Digest): WardenError {
  return new WardenError('not-found', `blob ${digest} of ${name} does not exist in the storage folder`)
}
