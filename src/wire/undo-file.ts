import { z } from 'zod'
import { WardenError } from '../domain/errors.ts'
import type { ResolvedManifest } from '../domain/manifest/manifest.ts'
import { isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { isTag } from '../domain/names/tag.ts'
import type { Tag } from '../domain/names/tag.ts'
import type { StoredBytes, UndoEntry } from '../domain/prune/ports.ts'
import { formatTimestamp } from '../domain/quantities/timestamp.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import { listOf, parseJsonObject, readAs } from './json.ts'
import { hasDigest } from './content-digest.ts'
import { MAX_MANIFEST_BYTES, parseManifest } from './manifest.ts'
import { namesManifestType } from './manifest-type.ts'

/** Largest undo file that is read: a hundred thousand manifests of some kilobytes. */
export const MAX_UNDO_BYTES = 512 * 1024 * 1024

/** What an undo file says of one manifest: foreign text, but its bytes are what the digest names. */
export interface UndoManifest {
  /** `host/path`, not parsed yet */
  readonly repository: string
  readonly digest: Digest
  readonly stored: StoredBytes
  readonly manifest: ResolvedManifest
  readonly tags: readonly Tag[]
  readonly versionId: number | null
}

/** The lines of an undo file, in the order in which they were written: what went first stands first. */
export interface UndoFile {
  readonly manifests: readonly UndoManifest[]
  /** the last line was cut: the run ended while it was written, and before anything was deleted by it */
  readonly isCut: boolean
}

/** The first line. */
export function undoHeader(startedAt: Timestamp): string {
  return `${JSON.stringify({ schemaVersion: 1, mode: 'undo', startedAt: formatTimestamp(startedAt) })}\n`
}

/** One line, written before the write that it can take back. */
export function undoLine({ repository, digest, stored, tags, versionId }: UndoEntry): string {
  const { mediaType, bytes } = stored
  const manifest = Buffer.from(bytes).toString('base64')
  const optional = versionId === null ? {} : { versionId }
  return `${JSON.stringify({ repository, digest, mediaType, tags, manifest, ...optional })}\n`
}

const LINE_BREAK = 0x0a

const headerSchema = z.object({ schemaVersion: z.literal(1), mode: z.literal('undo') })

const lineSchema = z.object({
  repository: z.string().min(1).max(1000),
  digest: z.string().refine(isDigest, 'not a digest'),
  // a header value: a line break in it would be another header
  mediaType: z
    .string()
    .max(255)
    .regex(/^[\w.+-]+\/[\w.+-]+(?:; ?[\w.+-]+="?[\w.+-]+"?)*$/, 'not a media type'),
  tags: listOf(z.string().refine(isTag, 'not a tag'), 100_000),
  manifest: z.base64().max(Math.ceil(MAX_MANIFEST_BYTES / 3) * 4 + 4),
  versionId: z.int().positive().optional(),
})

/**
 * Reads an undo file. Several lines about one manifest are one; of several about one tag (files of several runs that
 * were joined: it was pushed again in between) the last counts.
 * @throws WardenError of kind `input` for a line that is malformed, or whose bytes are not what its digest
 *   says
 */
export function parseUndoFile(bytes: Buffer): UndoFile {
  try {
    const manifests = new Map<string, Gathered>()
    const named = new Map<string, Digest>()
    let number = 0
    let start = 0
    // line by line: the whole may be longer than any string
    for (let end = bytes.indexOf(LINE_BREAK); end !== -1; end = bytes.indexOf(LINE_BREAK, start)) {
      number += 1
      const line = bytes.subarray(start, end)
      const what = `line ${number}`
      const content = parseJsonObject(line, what)
      // in files that were joined each begins with its own
      if (number === 1 || isHeader(content)) readAs(headerSchema, content, what)
      else add(parseLine(content, what), manifests, named)
      start = end + 1
    }
    if (number === 0) throw new WardenError('protocol', 'line 1 is missing')
    return {
      manifests: Array.from(manifests.values(), ({ entry, tags }) => ({
        ...entry,
        tags: [...tags].filter((tag) => named.get(nameOf(entry, tag)) === entry.digest),
      })),
      // a whole line ends in a line break
      isCut: start < bytes.length,
    }
  } catch (cause) {
    if (!(cause instanceof WardenError)) throw cause
    throw new WardenError('input', `input undo-file: ${cause.message}`, {
      advice: 'Give the file that undo-file wrote in mode: prune, unchanged',
      cause,
    })
  }
}

interface Gathered {
  readonly entry: UndoManifest
  readonly tags: Set<Tag>
}

function nameOf({ repository }: UndoManifest, tag: Tag): string {
  return `${repository}:${tag}`
}

function add(entry: UndoManifest, manifests: Map<string, Gathered>, named: Map<string, Digest>): void {
  for (const tag of entry.tags) named.set(nameOf(entry, tag), entry.digest)
  const key = `${entry.repository}@${entry.digest}`
  const known = manifests.get(key)
  const tags = known?.tags ?? new Set()
  for (const tag of entry.tags) tags.add(tag)
  const versionId = entry.versionId ?? known?.entry.versionId ?? null
  manifests.set(key, { entry: { ...entry, versionId }, tags })
}

function isHeader(content: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(content, 'schemaVersion') && !Object.hasOwn(content, 'repository')
}

function parseLine(content: Readonly<Record<string, unknown>>, what: string): UndoManifest {
  const entry = readAs(lineSchema, content, what)
  const bytes = Buffer.from(entry.manifest, 'base64')
  const manifest = readManifest(bytes, entry, what)
  const isProven = manifest.digest === entry.digest && hasDigest(bytes, entry.digest) === true
  // the signatures of schema 1 are outside of its digest, which the parser has checked
  if (!isProven && manifest.manifest.kind !== 'schema1')
    throw new WardenError('integrity', `${what}: the manifest is not what ${entry.digest} names`)
  const { repository, digest, tags, versionId = null } = entry
  // a registry that is given another type than the bytes state serves what no client can read
  const mediaType = namesManifestType(bytes) ? manifest.manifest.mediaType : entry.mediaType
  return { repository, digest, stored: { mediaType, bytes }, manifest, tags, versionId }
}

function readManifest(
  bytes: Buffer,
  { mediaType, digest }: { readonly mediaType: string; readonly digest: Digest },
  what: string,
): ResolvedManifest {
  try {
    return parseManifest(bytes, mediaType, digest)
  } catch (cause) {
    if (!(cause instanceof WardenError)) throw cause
    throw new WardenError(cause.kind, `${what}: the manifest is not usable: ${cause.message}`, { cause })
  }
}
