import { inputError } from '../errors.ts'
import { looksLikePlatform, matchesPlatform, parsePlatform } from '../names/platform.ts'
import type { Platform, PlatformSelector } from '../names/platform.ts'
import { parsePattern } from '../patterns/pattern.ts'
import type { Pattern } from '../patterns/pattern.ts'

/** Which images a line of a limit is for: `[pattern [platform] =] value`. */
export interface ScopedRule {
  /** the line as the user wrote it */
  readonly rule: string
  /** matched against the tag and against the whole reference; null: every image */
  readonly pattern: Pattern | null
  readonly platform: PlatformSelector | null
}

/** One name of an image: what a rule is matched against. */
export interface NamedImage {
  /** the whole reference */
  readonly name: string
  readonly tag: string | null
}

/**
 * Cuts a line into the images it is for and the text of its value.
 * @param accepted what the user should write instead, for the message
 * @throws WardenError of kind `input`
 */
export function parseScope(line: string, input: string, accepted: string): ScopedRule & { value: string } {
  // The value stands behind the last "=": a regex pattern may hold one itself.
  const equals = line.lastIndexOf('=')
  const value = line.slice(equals + 1).trim()
  if (equals === -1) return { rule: line, pattern: null, platform: null, value }
  // the version of a platform may hold blanks: darwin(macOS 12.6)/arm64
  const [pattern, platform, ...rest] = line
    .slice(0, equals)
    .trim()
    .split(/\s+(?![^()]*\))/)
  if (!pattern || rest.length > 0) throw inputError(input, line, accepted)
  if (platform === undefined && looksLikePlatform(pattern)) {
    throw inputError(input, line, `A platform stands behind a pattern: write * ${pattern} = ${value}`)
  }
  return {
    rule: line,
    pattern: parsePattern(pattern, input),
    platform: platform === undefined ? null : parsePlatform(platform, input),
    value,
  }
}

/**
 * A rule behind one that is for every image would never apply, and its limit would be off silently.
 * @param together how to say in one line what several lines say; null where there is no way
 * @throws WardenError of kind `input`
 */
export function rejectUnreachable(
  rules: readonly ScopedRule[],
  input: string,
  together: (first: string, second: string) => string | null,
): void {
  const all = rules.findIndex(({ pattern, platform }) => pattern === null && platform === null)
  const [first, second] = all === -1 ? [] : rules.slice(all)
  if (first === undefined || second === undefined) return
  const line = second.pattern === null ? together(first.rule, second.rule) : null
  throw inputError(
    input,
    `${first.rule}, ${second.rule}`,
    `The first is for every image, so the second would never apply: ${line ?? 'write one limit, or put lines of pattern = limit before it'}`,
  )
}

/** The first rule that names this platform image by this name, or null. */
export function ruleFor<R extends ScopedRule>(
  rules: readonly R[],
  image: NamedImage,
  platform: Platform | null,
): R | null {
  return rules.find((rule) => names(rule, image, platform)) ?? null
}

function names(rule: ScopedRule, image: NamedImage, platform: Platform | null): boolean {
  const named =
    rule.pattern === null ||
    rule.pattern.matches(image.name) ||
    (image.tag !== null && rule.pattern.matches(image.tag))
  if (!named || rule.platform === null) return named
  return platform !== null && matchesPlatform(rule.platform, platform)
}
