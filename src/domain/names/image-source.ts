import { inputError, shorten } from '../errors.ts'
import type { Digest } from './digest.ts'
import { isDigest } from './digest.ts'
import type { Tag } from './tag.ts'
import { isTag } from './tag.ts'

/** An image that was never pushed: a folder or an archive on this machine. */
export interface ImageSource {
  readonly format: 'oci-layout' | 'oci-archive' | 'docker-archive'
  /** as it was written: absolute, or relative to the working folder */
  readonly path: string
  /** null: the only image there is; always null for `docker-archive`, whose grammar has none */
  readonly tag: Tag | null
  /** of `@sha256:…` at the end; it chooses where names do not */
  readonly digest?: Digest
}

/** One way to part the text: whole names of images (`centos:7.9`) have colons and slashes, as paths do. */
export interface ImageSourceReading {
  readonly path: string
  /** a tag or the whole name of an image; null: the only one */
  readonly name: string | null
}

const DIGEST = /@(sha\d+:[^@/\\]*)$/
const FORMATS = ['oci-layout', 'oci-archive', 'docker-archive'] as const
const MAX_LENGTH = 4096

/**
 * Parses `oci-layout://DIR[:TAG][@DIGEST]`, `oci-archive://FILE[:TAG][@DIGEST]` and `docker-archive://FILE`.
 * The tag is what follows the last colon of the last path component; a folder whose own name has a colon is
 * written with a slash at its end. `readingsOf` has what else the text can mean.
 * @returns null for text without one of these schemes: it names an image in a registry
 * @throws WardenError of kind `input`, also for a path, which no reference looks like
 */
export function parseImageSource(text: string, input = 'image'): ImageSource | null {
  const format = FORMATS.find((name) => text.startsWith(`${name}://`))
  if (format === undefined) {
    rejectFile(text, input)
    return null
  }
  const refuse = (accepted: string) => inputError(input, text, accepted)
  const rest = text.slice(format.length + '://'.length)
  if (rest.length > MAX_LENGTH) throw refuse(`A path has at most ${MAX_LENGTH} characters`)
  if (/\p{Cc}/u.test(rest)) throw refuse('A path has no control characters')
  const { path, tag, digest } = format === 'docker-archive' ? { path: rest, tag: null } : splitName(rest)
  if (digest !== undefined && !isDigest(digest)) {
    throw refuse('What follows @ must be a digest: sha256:<64 lower-case hex>')
  }
  if (path === '') throw refuse(`Write ${format}://${format === 'oci-layout' ? 'FOLDER' : 'FILE'}`)
  if (tag !== null && !isTag(tag)) {
    throw refuse(`${JSON.stringify(shorten(tag, 60))}, which follows the last colon, must be a tag`)
  }
  return digest === undefined ? { format, path, tag } : { format, path, tag, digest }
}

/**
 * What the text can mean, the longest path first: `out:centos:7.9` is the image `7.9` of a folder
 * `out:centos`, or `centos:7.9` of a folder `out`. Which one is meant, the disk knows.
 */
export function readingsOf({ format, path, tag }: ImageSource): ImageSourceReading[] {
  const written = { path, name: tag }
  if (format === 'docker-archive') return [written]
  const text = tag === null ? path : `${path}:${tag}`
  const colons = [...path.matchAll(/:(?![/\\])/g)].map(({ index }) => index)
  const others = colons
    .toReversed()
    .map((colon) => ({ path: text.slice(0, colon), name: text.slice(colon + 1) }))
  return [written, ...others.filter((reading) => reading.path !== '' && reading.name !== '')]
}

const TRANSPORT = new RegExp(
  `^(${FORMATS.join('|')}):(?!//)(?=.*/|.*\\.(?:tar|tgz|tar\\.[a-z0-9]{1,4})(?::|$))`,
)

/** `./image.tar`, and `oci-archive:image.tar` as skopeo writes it; `oci-archive:v1` may be a repository. */
function rejectFile(text: string, input: string): void {
  const start = text.slice(0, MAX_LENGTH)
  const [transport, format] = TRANSPORT.exec(start) ?? []
  if (transport !== undefined) {
    throw inputError(input, text, `Write ${format}://${shorten(start.slice(transport.length), 200)}`)
  }
  if (!/^\.{0,2}[/\\]/.test(start)) return
  const path = shorten(start, 200)
  throw inputError(
    input,
    text,
    `An image in a file is written oci-archive://${path} or docker-archive://${path}, one in a folder oci-layout://${path}`,
  )
}

/** As `parseImageSource` reads it. */
export function formatImageSource({ format, path, tag, digest }: ImageSource): string {
  return `${format}://${path}${tag === null ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

function splitName(rest: string): { path: string; tag: string | null; digest?: string } {
  const [suffix, digest] = DIGEST.exec(rest) ?? []
  if (suffix === undefined || digest === undefined) return splitTag(rest)
  return { ...splitTag(rest.slice(0, -suffix.length)), digest }
}

/** The colon of `C:\images` belongs to the path, since a separator follows it. */
function splitTag(rest: string): { path: string; tag: string | null } {
  const name = Math.max(rest.lastIndexOf('/'), rest.lastIndexOf('\\')) + 1
  const colon = rest.lastIndexOf(':')
  if (colon < name) return { path: rest, tag: null }
  return { path: rest.slice(0, colon), tag: rest.slice(colon + 1) }
}
