import { createHash } from 'node:crypto'
import { join } from 'node:path'

import type { Descriptor, ImageConfig, ResolvedManifest } from '../domain/manifest/manifest.ts'
import { digestAlgorithm, digestHex, isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import type { Repository } from '../domain/names/reference.ts'
import { isTag } from '../domain/names/tag.ts'
import type { Tag } from '../domain/names/tag.ts'
import type { Log } from '../domain/ports.ts'
import { parseImageConfig } from '../wire/config.ts'
import { isVerifiable } from '../wire/content-digest.ts'
import { MAX_MANIFEST_BYTES, parseManifest } from '../wire/manifest.ts'
import { namesManifestType } from '../wire/manifest-type.ts'
import { openCacheFolder } from './cache-folder.ts'

/** What earlier runs read. Never fails: without it, the registry is asked. */
export interface RegistryCache {
  /** A manifest whose bytes still are what the digest names, read as this content type; or null. */
  readonly manifest: (digest: Digest, contentType: string | null) => Promise<CachedManifest | null>
  readonly putManifest: (digest: Digest, bytes: Buffer) => Promise<void>
  /** A config whose bytes still are what the descriptor names, or null. */
  readonly config: (descriptor: Descriptor) => Promise<ImageConfig | null>
  readonly putConfig: (descriptor: Descriptor, bytes: Buffer) => Promise<void>
  /**
   * What a tag named in an earlier run. It may be wrong: it decides which request is asked first, no more.
   */
  readonly tagHints: (repository: Repository) => TagHints
  /** Writes down what tags name, and removes what is old; to be called at the end of a run. */
  readonly close: () => Promise<void>
}

export interface CachedManifest {
  readonly resolved: ResolvedManifest
  readonly bytes: Buffer
  /** the body says what it is; else only a content type can, and a file that says so may lie */
  readonly namesType: boolean
}

export interface TagHints {
  readonly get: (tag: Tag) => Promise<Digest | null>
  readonly put: (tag: Tag, digest: Digest) => void
}

/** Configs are a few kilobytes; larger ones are not worth their place. */
const MAX_KEPT_CONFIG = 1024 * 1024
const MAX_HINTS = 100_000
const MAX_HINTS_BYTES = 32 * 1024 * 1024

/**
 * Keeps manifests and configs by digest, and what tags named, in a folder that may come from anywhere.
 * Whatever has a digest is verified again on reading; no decision rests on the rest.
 */
export function createRegistryCache(root: string, log: Pick<Log, 'debug' | 'warning'>): RegistryCache {
  const folder = openCacheFolder(root, log)
  const hints = new Map<string, ReturnType<typeof createTagHints>>()

  function verified<T>(digest: Digest, parse: () => T): T | null {
    try {
      return parse()
    } catch {
      log.debug(`cache: ${digest} is damaged and will be fetched again`)
      return null
    }
  }

  return {
    manifest: async (digest, contentType) => {
      const bytes = isVerifiable(digest)
        ? await folder.read(fileOf('manifests', digest), MAX_MANIFEST_BYTES)
        : null
      if (bytes === null) return null
      return verified(digest, () => ({
        resolved: parseManifest(bytes, contentType, digest),
        bytes,
        namesType: namesManifestType(bytes),
      }))
    },
    putManifest: async (digest, bytes) => {
      if (isVerifiable(digest)) await folder.write(fileOf('manifests', digest), bytes)
    },
    config: async (descriptor) => {
      const { digest } = descriptor
      const bytes = isVerifiable(digest)
        ? await folder.read(fileOf('configs', digest), MAX_KEPT_CONFIG)
        : null
      return bytes === null ? null : verified(digest, () => parseImageConfig(bytes, descriptor))
    },
    putConfig: async ({ digest }, bytes) => {
      if (isVerifiable(digest) && bytes.length <= MAX_KEPT_CONFIG)
        await folder.write(fileOf('configs', digest), bytes)
    },
    tagHints: ({ registry, path }) => {
      const key = createHash('sha256').update(`${registry.origin}/${path}`).digest('hex')
      const name = join('tags', key)
      const known = hints.get(name) ?? createTagHints(() => folder.read(name, MAX_HINTS_BYTES))
      hints.set(name, known)
      return known
    },
    close: async () => {
      for (const [name, { changed }] of hints) {
        const text = changed()
        if (text !== null) await folder.write(name, Buffer.from(text))
      }
      await folder.tidy()
    },
  }
}

/** Lines of a tag and a digest, those used last at the end; beyond so many, the others go. */
function createTagHints(read: () => Promise<Buffer | null>) {
  let earlier: Promise<ReadonlyMap<string, string>> | null = null
  const found = new Map<Tag, Digest>()
  let isChanged = false
  let before: ReadonlyMap<string, string> = new Map()

  async function load(): Promise<ReadonlyMap<string, string>> {
    const text = (await read())?.toString('latin1') ?? ''
    before = new Map(text.split('\n').flatMap((line) => pairIn(line)))
    return before
  }

  return {
    get: async (tag: Tag): Promise<Digest | null> => {
      const digest = found.get(tag) ?? (await (earlier ??= load())).get(tag) ?? ''
      return isDigest(digest) ? digest : null
    },
    put: (tag: Tag, digest: Digest): void => {
      found.set(tag, digest)
      isChanged ||= before.get(tag) !== digest
    },
    /** the file to write; null where nothing is new */
    changed: (): string | null => {
      if (!isChanged) return null
      const unused = [...before].filter(([tag]) => isTag(tag) && !found.has(tag))
      const lines = [...unused, ...found].slice(-MAX_HINTS)
      return lines.map(([tag, digest]) => `${tag} ${digest}\n`).join('')
    },
  }
}

function pairIn(line: string): [string, string][] {
  const [tag = '', digest = ''] = line.split(' ')
  return isTag(tag) && isDigest(digest) ? [[tag, digest]] : []
}

/** In folders of 256, which every file system and archive can list. */
function fileOf(kind: 'manifests' | 'configs', digest: Digest): string {
  const hex = digestHex(digest)
  return join(kind, digestAlgorithm(digest), hex.slice(0, 2), hex)
}
