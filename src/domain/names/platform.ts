import { inputError } from '../errors.ts'

/**
 * The platform of one image (image-spec image-index.md, "platform"). Normalised: `x86_64` is `amd64`,
 * `aarch64` is `arm64`; `arm64/v8` and `amd64/v1` carry no variant; 32-bit `arm` without a variant is `v7`.
 */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant: string | null
  /** Windows lists several images per architecture; only `os.version` tells them apart. */
  readonly osVersion: string | null
}

/** What a user asks for. A null variant or OS version means any, so `linux/arm` is v6 and v7. */
export interface PlatformSelector {
  readonly os: string
  readonly architecture: string
  readonly variant: string | null
  readonly osVersion: string | null
}

const UNKNOWN = 'unknown'
const FIELD = /^[a-z0-9][a-z0-9._+-]{0,63}$/
const SELECTOR =
  /^([a-z0-9._-]{1,64})(?:\(([^/()]{1,200})\))?\/([a-z0-9._-]{1,64})(?:\/([a-z0-9._-]{1,64}))?$/i
const OS_ALIASES = new Map([['macos', 'darwin']])
// [architecture, variant], as containerd's platforms/database.go normalises them
const ARCHITECTURE_ALIASES = new Map<string, readonly [string, string | null]>([
  ['x86_64', ['amd64', null]],
  ['x86-64', ['amd64', null]],
  ['aarch64', ['arm64', null]],
  ['i386', ['386', null]],
  ['armhf', ['arm', 'v7']],
  ['armel', ['arm', 'v6']],
])
const IMPLIED_VARIANTS = new Map([
  ['amd64', 'v1'],
  ['arm64', 'v8'],
  ['arm', 'v7'],
])

/**
 * Parses `os/architecture[/variant]` with aliases; a Windows version goes where containerd puts it,
 * `windows(10.0.20348)/amd64`.
 * @throws WardenError of kind `input`
 */
export function parsePlatform(text: string, input = 'platforms'): PlatformSelector {
  const [, writtenOs, osVersion, ...rest] = SELECTOR.exec(withOs(text.trim())) ?? []
  const [os, architecture, variant] = [writtenOs, ...rest].map((part) => part?.toLowerCase())
  if (os === undefined || architecture === undefined) {
    throw inputError(input, text, 'Write os/architecture[/variant], e.g. linux/amd64 or linux/arm/v7')
  }
  const [plainArchitecture, impliedVariant] = ARCHITECTURE_ALIASES.get(architecture) ?? [architecture, null]
  return {
    os: OS_ALIASES.get(os) ?? os,
    architecture: plainArchitecture,
    variant: variant === undefined ? impliedVariant : versioned(plainArchitecture, variant),
    osVersion: version(osVersion),
  }
}

const ARCHITECTURES =
  /^(?:amd64|arm64|arm|386|ppc64le|s390x|riscv64|loong64|mips64le|x86_64|x86-64|aarch64|i386|armhf|armel)(?:\/v?\d+)?$/i

/** `amd64` and `arm/v7` mean Linux: no system is called so. */
function withOs(text: string): string {
  return ARCHITECTURES.test(text) ? `linux/${text}` : text
}

/** Whether a text is a platform of a well-known system, so that it is hardly meant as anything else. */
export function looksLikePlatform(text: string): boolean {
  return /^(?:linux|windows|darwin|macos|freebsd)(?:\([^/()]*\))?\/[a-z0-9_-]+(?:\/v?\d+)?$/i.test(text)
}

/** An OS version; `10.0.20348.2113` on Windows. */
function version(text: string | null | undefined): string | null {
  const lower = (text ?? '').slice(0, 1_000).toLowerCase().trim()
  return lower === '' ? null : harmless(lower, 'version')
}

/**
 * A text in harmless characters, so that two that differ stay different whatever they hold: what is not
 * plain is written as near as it can be, with a checksum behind it (`macos-12.6-1b2c3d4e`).
 */
function harmless(lower: string, fallback: string): string {
  if (FIELD.test(lower)) return lower
  const near = lower.replaceAll(/[^a-z0-9._+]+/g, '-').replaceAll(/^[^a-z0-9]+|-+$/g, '')
  return `${near.slice(0, 50) || fallback}-${checksum(lower)}`
}

/** FNV-1a: tells long versions apart, and is nothing to trust. */
function checksum(text: string): string {
  let sum = 0x811c9dc5
  for (const character of text) sum = Math.imul(sum ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return (sum >>> 0).toString(16).padStart(8, '0')
}

/**
 * Normalises the platform a manifest or config claims. Fields are foreign text: one that is too long or holds
 * anything but letters, digits and `._+-` is written in such characters, and stays a platform of its own.
 * Only the very words `unknown/unknown`, which BuildKit gives to attestations, become these.
 */
export function platformOf(claimed: {
  readonly os?: string | null | undefined
  readonly architecture?: string | null | undefined
  readonly variant?: string | null | undefined
  readonly osVersion?: string | null | undefined
}): Platform {
  const os = field(claimed.os) ?? 'linux'
  const written = field(claimed.architecture) ?? UNKNOWN
  const [architecture, aliasVariant] = ARCHITECTURE_ALIASES.get(written) ?? [written, null]
  const variant = field(claimed.variant)
  return {
    os: OS_ALIASES.get(os) ?? os,
    architecture,
    variant: normalVariant(architecture, variant === null ? aliasVariant : versioned(architecture, variant)),
    osVersion: version(claimed.osVersion),
  }
}

/** `linux/arm/v7`, `windows(10.0.20348.2113)/amd64`: what `parsePlatform` reads. */
export function formatPlatform(platform: Platform | PlatformSelector): string {
  const version = platform.osVersion === null ? '' : `(${platform.osVersion})`
  const variant = platform.variant === null ? '' : `/${platform.variant}`
  return `${platform.os}${version}/${platform.architecture}${variant}`
}

/** Whether the image is one the user asked for; `10.0.20348` also names its builds `10.0.20348.x`. */
export function matchesPlatform(selector: PlatformSelector, platform: Platform): boolean {
  if (selector.os !== platform.os || selector.architecture !== platform.architecture) return false
  const variant = platform.variant ?? IMPLIED_VARIANTS.get(platform.architecture) ?? null
  if (selector.variant !== null && selector.variant !== variant) return false
  return selector.osVersion === null || `${platform.osVersion ?? ''}.`.startsWith(`${selector.osVersion}.`)
}

function field(text: string | null | undefined): string | null {
  if (text === null || text === undefined || text === '') return null
  const lower = text.slice(0, 1_000).toLowerCase()
  return lower === UNKNOWN && text !== UNKNOWN ? harmless(`${lower} `, UNKNOWN) : harmless(lower, 'other')
}

/** `7` is `v7` for the ARM family, which old Docker versions wrote without the letter. */
function versioned(architecture: string, variant: string): string {
  return architecture.startsWith('arm') && /^\d+$/.test(variant) ? `v${variant}` : variant
}

function normalVariant(architecture: string, variant: string | null): string | null {
  if (architecture === 'arm') return variant ?? 'v7'
  return variant === IMPLIED_VARIANTS.get(architecture) ? null : variant
}
