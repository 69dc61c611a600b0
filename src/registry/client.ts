import type { AuthorizedSend } from '../credentials/authenticator.ts'
import { WardenError } from '../domain/errors.ts'
import type { ImageConfig, ResolvedManifest } from '../domain/manifest/manifest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatRepository } from '../domain/names/reference.ts'
import type { Registry, Repository } from '../domain/names/reference.ts'
import type { Tag } from '../domain/names/tag.ts'
import type { Log, OnTags } from '../domain/ports.ts'
import type { DeleteOutcome, PruneReader, StoredBytes } from '../domain/prune/ports.ts'
import type { Bytes } from '../domain/quantities/bytes.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import { createBlobs } from './blobs.ts'
import { createDelete } from './deletes.ts'
import { createAsk } from './endpoint.ts'
import type { Ask } from './endpoint.ts'
import { readCatalog, readTags } from './listings.ts'
import type { TagList } from './listings.ts'
import type { RegistryCache } from './cache.ts'
import { createManifests } from './manifests.ts'
import { createLayerStore } from './layer-store.ts'
import { createMemory } from './memory.ts'
import type { Memory } from './memory.ts'
import { createObserver } from './notices.ts'
import type { Observe } from './notices.ts'
import { createPlaceholders } from './placeholder.ts'
import { createPutManifest } from './put-manifest.ts'
import { createReferrers } from './referrers.ts'
import type { Referrers } from './referrers.ts'

export interface RegistryClientParts {
  readonly send: AuthorizedSend
  readonly log: Log
  readonly cache?: RegistryCache | null
  /**
   * for those who delete: nothing between here and the registry may answer out of its memory, what is cached
   * here counts only as far as the registry confirms it, and a list of tags that is not proven complete, or
   * has names that are not tags (what they name is not known, and may need anything), is an error. Default:
   * warnings, and such names are left out
   */
  readonly forDeletes?: boolean
  /** the bytes of manifests are remembered, so that they can be put back; default false */
  readonly keepBytes?: boolean
}

/**
 * One registry or many: talks the distribution specification to any of them, with the quirks that each has.
 */
export interface RegistryClient {
  /** Opens a repository; the same one twice shares what was read. Fits the port `OpenRepository`. */
  readonly open: (repository: Repository, namedBy?: string) => RepositoryClient
  /**
   * Repository paths as the registry wrote them, to be checked before use; `unsupported` where it has no
   * catalog.
   */
  readonly catalog: (registry: Registry) => Promise<readonly string[]>
}

/** What can be asked of one repository. */
export interface RepositoryClient extends PruneReader {
  /** As `tags`, with what Google's registries tell about ages. */
  readonly tagList: (onTags?: OnTags) => Promise<TagList>
  readonly referrers: (digest: Digest) => Promise<Referrers>
  readonly deleteManifest: (name: Tag | Digest, patience?: 'wait') => Promise<DeleteOutcome>
  /** Moves a tag to a new, unique manifest and returns its digest as computed here. */
  readonly pushPlaceholder: (tag: Tag, created: Timestamp | null) => Promise<Digest>
  readonly preparePlaceholder: () => Promise<void>
  readonly putManifest: (name: Tag | Digest, manifest: StoredBytes) => Promise<void>
}

interface Shared {
  readonly manifests: Memory<ResolvedManifest>
  readonly bytes: Memory<StoredBytes> | null
  readonly configs: Memory<ImageConfig>
  readonly sizes: Memory<Bytes>
  readonly observe: Observe
}

/** Bytes of raw manifests, history entries of configs, sizes that are remembered over all repositories. */
const MANIFEST_CAPACITY = 64 * 1024 * 1024
/** Room for the manifests of 100,000 images; what is pushed out is read again before it is deleted. */
const BYTES_CAPACITY = 256 * 1024 * 1024
const CONFIG_CAPACITY = 200_000
const SIZE_CAPACITY = 100_000

/**
 * Creates the client of a run. Memory is shared between repositories, what is in it is not: digests are per
 * repository.
 */
export function createRegistryClient(parts: RegistryClientParts): RegistryClient {
  const { send, log, keepBytes = false } = parts
  const shared: Shared = {
    manifests: createMemory(MANIFEST_CAPACITY, ({ size }) => size),
    bytes: keepBytes ? createMemory(BYTES_CAPACITY, ({ bytes }) => bytes.length) : null,
    configs: createMemory(CONFIG_CAPACITY, ({ history }) => history.length + 1),
    sizes: createMemory(SIZE_CAPACITY, () => 1),
    observe: createObserver(log),
  }
  const opened = new Map<string, RepositoryClient>()
  return {
    open: (repository, namedBy) => {
      const { provider, origin } = repository.registry
      const key = `${provider} ${origin}/${repository.path} ${namedBy ?? ''}`
      const client = opened.get(key) ?? openRepository(repository, namedBy, parts, shared)
      opened.set(key, client)
      return client
    },
    catalog: async (registry) => {
      const ask = createAsk(send, shared.observe, { registry, path: null })
      const { repositories, doubt } = await readCatalog(ask, registry.host)
      // who misses a repository deletes nothing in it
      if (doubt !== null) log.warning(doubt.line)
      return repositories
    },
  }
}

function openRepository(
  repository: Repository,
  namedBy: string | undefined,
  { send, log, cache = null, forDeletes = false }: RegistryClientParts,
  { manifests: memory, bytes, configs, sizes, observe }: Shared,
): RepositoryClient {
  const plain = createAsk(send, observe, repository, namedBy)
  const ask = forDeletes ? pastCaches(plain) : plain
  const manifests = createManifests({ ask, repository, log, cache, forDeletes, memory, bytes })
  const blobs = createBlobs({ ask, repository, configs, sizes, cache })

  let room = 0
  async function tagList(onTags?: OnTags): Promise<TagList> {
    const list = await readTags(ask, repository, { room, ...(onTags === undefined ? {} : { onTags }) })
    room = list.room
    if (list.doubt !== null) {
      if (forDeletes) throw list.doubt
      log.warning(list.doubt.line)
    }
    if (forDeletes && list.strange.length > 0) throw strangeTags(list.strange, repository)
    if (list.dropped > 0) {
      log.notice(
        `tags of ${formatRepository(repository)}: ${list.dropped} entries are not tags and were left out`,
      )
    }
    return list
  }

  const placeholders = createPlaceholders({ ask, repository, head: manifests.head })
  const remove = createDelete({ ask, repository, head: manifests.head })
  const referrers = createReferrers({ ask, repository, read: manifests.read })

  return {
    manifest: manifests.read,
    config: blobs.config,
    blobSize: blobs.size,
    layers: createLayerStore(ask, repository),
    hasBlob: blobs.has,
    stored: manifests.stored,
    tags: async (onTags) => (await tagList(onTags)).tags,
    tagList,
    head: manifests.head,
    exists: manifests.exists,
    referrers: referrers.find,
    listReferrers: async (digest, again) =>
      (await referrers.byApi(digest, again))?.map((entry) => entry.digest) ?? null,
    deleteManifest: (name, patience) =>
      remove(name, patience).finally(() => {
        placeholders.forgetUpload()
      }),
    pushPlaceholder: placeholders.push,
    preparePlaceholder: placeholders.prepare,
    putManifest: createPutManifest(ask, repository),
  }
}

/** Lists and manifests change; a blob is what its digest says wherever it comes from. */
function pastCaches(ask: Ask): Ask {
  return (question) =>
    question.subject === 'blob'
      ? ask(question)
      : ask({ ...question, headers: { ...question.headers, 'cache-control': 'no-cache' } })
}

function strangeTags(names: readonly string[], repository: Repository): WardenError {
  const message = `tags of ${formatRepository(repository)}: ${names.length} names in the list are not tags, such as ${names[0]}`
  return new WardenError('protocol', message, {
    advice: "What they name cannot be read, so nothing is deleted. Remove them with the registry's own tools",
  })
}
