import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import type { ResolvedManifest } from '../domain/manifest/manifest.ts'
import { digestAlgorithm, digestHex } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import type { Log } from '../domain/ports.ts'
import { hasDigest, isVerifiable } from '../wire/content-digest.ts'
import { MAX_MANIFEST_BYTES, parseManifest } from '../wire/manifest.ts'

/** Manifests by digest, from earlier runs. Never fails: without it, the registry is asked. */
export interface ManifestCache {
  /** A manifest whose bytes still are what the digest names, or null. */
  readonly get: (digest: Digest) => Promise<ResolvedManifest | null>
  /** The same as it was stored. */
  readonly getStored: (digest: Digest) => Promise<CachedBytes | null>
  readonly put: (digest: Digest, bytes: Buffer, contentType: string | null) => Promise<void>
}

interface CachedBytes {
  readonly contentType: string | null
  readonly bytes: Buffer
}

/** Changes when the format of the files does, so that no version reads another's. */
const FORMAT = 'manifests-v1'
const MAX_CONTENT_TYPE = 256

/**
 * Keeps manifests in a folder that may come from anywhere: each file is the content type, a line feed, and
 * the raw bytes, which are verified again on reading. A folder that cannot be used is said once, and then
 * left alone.
 */
export function createManifestCache(folder: string, log: Pick<Log, 'debug' | 'warning'>): ManifestCache {
  let broken = false

  function giveUp(error: unknown): void {
    if (!broken) log.warning(`cache-dir ${folder} cannot be used (${codeOf(error)}); going on without it`)
    broken = true
  }

  async function read(digest: Digest): Promise<CachedBytes | null> {
    if (broken || !isVerifiable(digest)) return null
    const content = await readBounded(fileOf(folder, digest)).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') giveUp(error)
      return null
    })
    if (content === null) return null
    const end = content.subarray(0, MAX_CONTENT_TYPE + 1).indexOf('\n')
    if (end < 0) return damaged(digest)
    const contentType = content.toString('latin1', 0, end)
    return { contentType: contentType === '' ? null : contentType, bytes: content.subarray(end + 1) }
  }

  function damaged(digest: Digest): null {
    log.debug(`cache: ${digest} is damaged and will be fetched again`)
    return null
  }

  async function get(digest: Digest): Promise<ResolvedManifest | null> {
    const found = await read(digest)
    if (found === null) return null
    try {
      return parseManifest(found.bytes, found.contentType, digest)
    } catch {
      return damaged(digest)
    }
  }

  async function getStored(digest: Digest): Promise<CachedBytes | null> {
    const found = await read(digest)
    return found !== null && hasDigest(found.bytes, digest) === true ? found : null
  }

  async function put(digest: Digest, bytes: Buffer, contentType: string | null): Promise<void> {
    const header = contentType ?? ''
    if (broken || !isVerifiable(digest) || header.length > MAX_CONTENT_TYPE || header.includes('\n')) return
    const file = fileOf(folder, digest)
    const temporary = `${file}.${randomUUID()}`
    try {
      await mkdir(dirname(file), { recursive: true })
      // renamed into place, so that nobody ever reads half a file, and a link in the way is replaced, not
      // followed
      await writeFile(temporary, Buffer.concat([Buffer.from(`${header}\n`, 'latin1'), bytes]), { flag: 'wx' })
      await rename(temporary, file)
    } catch (error) {
      giveUp(error)
      await rm(temporary, { force: true }).catch(() => undefined)
    }
  }

  return { get, getStored, put }
}

/** In folders of 256, which every file system and archive can list. */
function fileOf(folder: string, digest: Digest): string {
  const hex = digestHex(digest)
  return join(folder, FORMAT, digestAlgorithm(digest), hex.slice(0, 2), hex)
}

async function readBounded(path: string): Promise<Buffer | null> {
  // a folder from outside may hold links to devices, and pipes that nobody writes to
  const file = await open(
    path,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  )
  try {
    const status = await file.stat()
    const isUsable = status.isFile() && status.size <= MAX_MANIFEST_BYTES + MAX_CONTENT_TYPE + 1
    return isUsable ? await file.readFile() : null
  } finally {
    await file.close()
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}
