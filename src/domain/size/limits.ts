import { inputError } from '../errors.ts'
import { matchesPlatform, parsePlatform } from '../names/platform.ts'
import type { Platform } from '../names/platform.ts'
import { parsePattern } from '../patterns/pattern.ts'
import type { Pattern } from '../patterns/pattern.ts'
import { parseBytes } from '../quantities/bytes.ts'
import type { Bytes } from '../quantities/bytes.ts'

/** One line of `max-size` or `warn-size`: `[pattern [platform] =] 300MiB`. */
export interface SizeLimit {
  /** the line as the user wrote it */
  readonly rule: string
  /** matched against the tag and against the whole reference; null: every image */
  readonly pattern: Pattern | null
  readonly platform: Platform | null
  readonly bytes: Bytes
}

/** Every limit of `mode: size` on absolute sizes; an empty list or null sets none. */
export interface SizeLimits {
  readonly maxSize: readonly SizeLimit[]
  readonly warnSize: readonly SizeLimit[]
  readonly maxLayers: number | null
  readonly maxLayerSize: Bytes | null
}

const ACCEPTED = 'Write a size (300MiB, 1.5GB) or lines of: pattern [platform] = size'

/** Parses the lines of `max-size` or `warn-size`; the first that matches an image wins, so order is kept. */
export function parseSizeLimits(lines: readonly string[], input: string): SizeLimit[] {
  return lines.map((line) => parseSizeLimit(line, input))
}

function parseSizeLimit(line: string, input: string): SizeLimit {
  // The size stands behind the last "=": a regex pattern may hold one itself.
  const equals = line.lastIndexOf('=')
  if (equals === -1) {
    return { rule: line, pattern: null, platform: null, bytes: parseLimitBytes(line, input) }
  }
  const words = line.slice(0, equals).trim().split(/\s+/)
  const [pattern, platform, ...rest] = words
  if (!pattern || rest.length > 0) throw inputError(input, line, ACCEPTED)
  return {
    rule: line,
    pattern: parsePattern(pattern, input),
    platform: platform === undefined ? null : parsePlatform(platform, input),
    bytes: parseLimitBytes(line.slice(equals + 1), input),
  }
}

function parseLimitBytes(text: string, input: string): Bytes {
  const bytes = parseBytes(text.trim(), input)
  if (bytes === 0)
    throw inputError(
      input,
      text.trim(),
      'A limit of zero fails every image; leave the input empty for no limit',
    )
  return bytes
}

/** Parses `max-layers`: a whole number from 1; empty is no limit. */
export function parseMaxLayers(text: string, input: string): number | null {
  if (text === '') return null
  if (!/^[1-9]\d{0,5}$/.test(text)) throw inputError(input, text, 'Write a whole number from 1')
  return Number(text)
}

/** The first limit that names this platform image, or null. */
export function limitFor(
  limits: readonly SizeLimit[],
  image: { readonly name: string; readonly tag: string | null },
  platform: Platform | null,
): SizeLimit | null {
  return limits.find((limit) => limitApplies(limit, image, platform)) ?? null
}

function limitApplies(
  limit: SizeLimit,
  image: { readonly name: string; readonly tag: string | null },
  platform: Platform | null,
): boolean {
  const named =
    limit.pattern === null ||
    limit.pattern.matches(image.name) ||
    (image.tag !== null && limit.pattern.matches(image.tag))
  if (!named || limit.platform === null) return named
  return platform !== null && matchesPlatform(limit.platform, platform)
}
