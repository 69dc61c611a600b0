import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import type { Stats } from 'node:fs'
import { lstat, mkdir, open, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

import type { Log } from '../domain/ports.ts'

/** A folder of small files that may come from anywhere. Nothing here fails: without it, more is asked. */
export interface CacheFolder {
  /** The bytes of a file of at most so many, or null; what is used is not old. */
  readonly read: (name: string, maxBytes: number) => Promise<Buffer | null>
  /** Written whole or not at all. */
  readonly write: (name: string, content: Buffer) => Promise<void>
  /** Removes what was not used for a month, and the oldest beyond 256 MiB; at most once a day. */
  readonly tidy: () => Promise<void>
}

/** Changes when the format of the files does, so that no version reads another's. */
const FORMAT = 'v2'
const EARLIER_FORMATS = ['manifests-v1']

const DAY = 24 * 60 * 60 * 1000
const MAX_AGE = 30 * DAY
const MAX_TOTAL = 256 * 1024 * 1024
const TIDIED = 'tidied'
/** What is written here, half-written files too; nothing else is removed. */
const OURS = /^(?:(?:manifests|configs)\/[a-z0-9]+\/[0-9a-f]{2}|tags)\/[0-9a-f]{64,128}(?:\.[0-9a-f-]{36})?$/

/** A folder that cannot be used is said once, and then left alone. */
export function openCacheFolder(
  root: string,
  log: Pick<Log, 'debug' | 'warning'>,
  now: () => number = Date.now,
): CacheFolder {
  const folder = join(root, FORMAT)
  const top = dirname(folder)
  const plain = new Set<string>()
  let broken = false

  /** Caches are restored with the links in them: below the folder of the user none is followed. */
  async function expectPlain(path: string): Promise<void> {
    if (path === top || plain.has(path)) return
    await expectPlain(dirname(path))
    if (!(await lstat(path)).isDirectory()) throw new NotPlain()
    plain.add(path)
  }

  function giveUp(error: unknown): void {
    if (!broken) log.warning(`cache-dir ${root} cannot be used (${codeOf(error)}); continuing without it`)
    broken = true
  }

  async function read(name: string, maxBytes: number): Promise<Buffer | null> {
    if (broken) return null
    try {
      await expectPlain(dirname(join(folder, name)))
      return await readPlainFile(join(folder, name), maxBytes, now())
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') giveUp(error)
      return null
    }
  }

  async function makePlain(path: string): Promise<void> {
    if (path === top) return void (await mkdir(path, { recursive: true }))
    await makePlain(dirname(path))
    await mkdir(path).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
    await expectPlain(path)
  }

  async function write(name: string, content: Buffer): Promise<void> {
    if (broken) return
    const file = join(folder, name)
    const temporary = `${file}.${randomUUID()}`
    try {
      const parent = dirname(file)
      if (!plain.has(parent)) await makePlain(parent)
      // renamed into place, so that nobody ever reads half a file, and a link in the way is replaced, not
      // followed
      await writeFile(temporary, content, { flag: 'wx' })
      await rename(temporary, file)
    } catch (error) {
      giveUp(error)
      await rm(temporary, { force: true }).catch(() => undefined)
    }
  }

  async function tidy(): Promise<void> {
    try {
      if (broken) return
      await expectPlain(folder)
      const last = await lstat(join(folder, TIDIED)).catch(() => null)
      if (last !== null && now() - last.mtimeMs < DAY) return
      for (const earlier of EARLIER_FORMATS) await rm(join(root, earlier), { recursive: true, force: true })
      await removeOld(folder, now())
      await write(TIDIED, Buffer.alloc(0))
    } catch (error) {
      log.debug(`cache-dir ${root} could not be tidied (${codeOf(error)})`)
    }
  }

  return { read, write, tidy }
}

async function removeOld(folder: string, now: number): Promise<void> {
  const files: { readonly path: string; readonly status: Stats }[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !OURS.test(relative(folder, path).replaceAll('\\', '/'))) continue
    const status = await lstat(path)
    files.push({ path, status })
  }
  let total = 0
  for (const { path, status } of files.sort((a, b) => b.status.mtimeMs - a.status.mtimeMs)) {
    total += status.size
    if (total > MAX_TOTAL || now - status.mtimeMs > MAX_AGE) await rm(path, { force: true })
  }
}

/** A folder from outside may hold links to devices, and pipes that nobody writes to. */
async function readPlainFile(path: string, maxBytes: number, now: number): Promise<Buffer | null> {
  // Windows has neither
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const file = await open(path, flags)
  try {
    const status = await file.stat()
    if (!status.isFile() || status.size > maxBytes) return null
    // the time of the last use decides what goes; to the day is enough
    if (now - status.mtimeMs > DAY) await utimes(path, new Date(now), new Date(now)).catch(() => undefined)
    return await file.readFile()
  } finally {
    await file.close()
  }
}

class NotPlain extends Error {
  readonly code = 'ENOTDIR'
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}
