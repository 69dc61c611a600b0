import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { WardenError } from '../domain/errors.ts'
import { globFiles } from './workspace-files.ts'

/** A file whose image references are protected. */
export interface ProtectFile {
  /** as the workspace has it, for the reason that people see */
  readonly path: string
  readonly text: string
}

export interface ProtectFiles {
  readonly files: readonly ProtectFile[]
  /** globs that match no file, which protect nothing */
  readonly unmatched: readonly string[]
}

const MAX_FILES = 10_000
const MAX_FOLDERS = 100_000
const MAX_BYTES = 5 * 1024 * 1024
/**
 * What `{a,b}` and `{1..9}` may multiply to: each combination is a pattern of its own for the file system.
 */
const MAX_COMBINATIONS = 256
const MAX_LENGTH = 1_000
const MAX_CLASSES = 50
const MAX_WILDCARDS = 4
const LOOK_EVERY = 200

/**
 * Reads the files that `protect-files` names, relative to the workspace. Protection that cannot be read is an
 * error: what it would have protected is not known. It stops early once time is up, when nothing is deleted
 * any more.
 * @throws WardenError of kind `input`
 */
export async function readProtectFiles(
  patterns: readonly string[],
  timeIsUp: () => boolean = () => false,
): Promise<ProtectFiles> {
  const files = new Map<string, ProtectFile>()
  const unmatched: string[] = []
  for (const pattern of patterns) {
    if (combinationsOf(pattern) > MAX_COMBINATIONS) {
      throw refuse(pattern, `stands for more than ${MAX_COMBINATIONS} patterns with its braces`)
    }
    if (backtracks(pattern)) throw refuse(pattern, 'has too many wildcards to be matched in bounded time')
    let found = 0
    const paths = walk(pattern, timeIsUp)
    for await (const path of untilTimeIsUp(paths, timeIsUp)) {
      if (!(await isFile(path))) continue
      found += 1
      if (!files.has(path)) files.set(path, { path, text: await readText(path) })
      if (files.size > MAX_FILES) throw refuse(pattern, `matches more than ${MAX_FILES} files`)
    }
    if (timeIsUp()) return { files: [...files.values()], unmatched }
    if (found === 0) unmatched.push(pattern)
  }
  return { files: [...files.values()], unmatched }
}

async function* walk(pattern: string, timeIsUp: () => boolean): AsyncGenerator<string> {
  try {
    yield* globFiles(pattern, { folders: MAX_FOLDERS, timeIsUp })
  } catch (cause) {
    if (cause instanceof RangeError) throw refuse(pattern, `leads through ${cause.message}`, cause)
    throw refuse(pattern, 'leads through a folder that cannot be read', cause)
  }
}

/** How many patterns the braces make of one, at least; commas outside of braces count for nothing. */
function combinationsOf(pattern: string): number {
  let product = 1
  let depth = 0
  let commas = 0
  for (const [token = ''] of pattern.matchAll(
    /\{(-?\d{1,9})\.\.(-?\d{1,9})[^{}]*\}|\{[^{},]\.\.[^{}]*\}|[{},]/g,
  )) {
    if (token === '{') {
      depth += 1
      if (depth === 1) commas = 0
    } else if (token === ',') commas += depth > 0 ? 1 : 0
    else if (token === '}') {
      depth -= 1
      if (depth === 0) product *= commas + 1
    } else product *= rangeSize(token)
  }
  return product
}

/**
 * Whether the matcher of the file system, which backtracks, could take forever on a long name: repeated
 * groups, or many wildcards in one part of the path.
 */
function backtracks(pattern: string): boolean {
  const isLong = pattern.length > MAX_LENGTH || pattern.split('[').length > MAX_CLASSES
  const wildcards = (part: string) => part.match(/\*+|[?@!]\(/g)?.length ?? 0
  return (
    isLong || /[*+]\(/.test(pattern) || pattern.split('/').some((part) => wildcards(part) > MAX_WILDCARDS)
  )
}

/** `{1..9}` and `{a..z}`. */
function rangeSize(token: string): number {
  const [from = '', to = ''] = token.slice(1, -1).split('..')
  const span = Number(to) - Number(from)
  return Number.isNaN(span) ? MAX_COMBINATIONS : Math.abs(span) + 1
}

/** A folder may be endless, or on a disk that does not answer. */
async function* untilTimeIsUp<T>(items: AsyncIterable<T>, timeIsUp: () => boolean): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  const late = Promise.withResolvers<null>()
  const timer = setInterval(() => {
    if (timeIsUp()) late.resolve(null)
  }, LOOK_EVERY)
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), late.promise])
      if (next === null || next.done === true) return
      yield next.value
    }
  } finally {
    clearInterval(timer)
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch (cause) {
    throw refuse(path, 'cannot be read', cause)
  }
}

async function readText(path: string): Promise<string> {
  try {
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const { size } = await file.stat()
    const bytes = size <= MAX_BYTES ? await file.readFile() : null
    if (bytes !== null && bytes.length <= MAX_BYTES) return decode(bytes)
  } catch (cause) {
    throw refuse(path, 'cannot be read', cause)
  }
  throw refuse(path, `is larger than ${MAX_BYTES} bytes`)
}

/** PowerShell writes UTF-16, in which no name would be found. */
function decode(bytes: Buffer): string {
  const mark = bytes.toString('hex', 0, 2)
  if (mark === 'fffe') return new TextDecoder('utf-16le').decode(bytes)
  return mark === 'feff' ? new TextDecoder('utf-16be').decode(bytes) : bytes.toString('utf8')
}

function refuse(path: string, why: string, cause?: unknown): WardenError {
  return new WardenError('input', `input protect-files: ${path} ${why}`, {
    advice: 'Name the files that deploy images, such as deploy/**/*.yaml',
    cause,
  })
}
