import { WardenError } from '../errors.ts'
import { isDigest } from '../names/digest.ts'
import type { Digest } from '../names/digest.ts'
import { parseReference } from '../names/reference.ts'
import type { Repository } from '../names/reference.ts'
import { DOCKER_HUB, storageFolderOf } from '../names/registry.ts'
import { isTag } from '../names/tag.ts'
import type { Tag } from '../names/tag.ts'
import { ANYTHING, literalsOf } from './open-names.ts'
import type { Literals } from './open-names.ts'
import { withDefaults } from './variable-defaults.ts'

/** What a deployment file says of a repository. */
export interface ImageReferences {
  readonly tags: ReadonlySet<Tag>
  /** of names that are whole once variables have their defaults */
  readonly defaultTags: ReadonlySet<Tag>
  readonly digests: ReadonlySet<Digest>
  readonly isNamed: boolean
  /** each name whose tag, or a part of it, stands elsewhere */
  readonly open: readonly Literals[]
}

/**
 * Whatever a reference may consist of, an IPv6 host too; other brackets, quotes and `$` end it, so that
 * `api:${TAG}` reads as `api:`.
 */
const WORD = /(?:\[[A-Fa-f0-9:]{2,45}\]|[A-Za-z0-9])[A-Za-z0-9._:/@+-]{0,511}/g
const END = /[:.@/+-]+$/
/**
 * Something filled in, with or without a slash behind it, or an escaped slash; `path: /api` is not an image.
 */
const AFTER_FILLER = /[})>\\]\/$|[})>]$/
/** What a template puts around the tag of an image whose name is filled in: `{{ repository }}:v{{ tag }}`. */
const TEMPLATE_TAG = /(?:[})]|%s):([A-Za-z0-9._-]{0,60})(?=[$%{])/g
const TAG_WORD = /[A-Za-z0-9_][A-Za-z0-9._-]{0,127}/g
/** The default in `api:${TAG:-1.2}`, as Compose and Dockerfiles have it. */
const DEFAULT = /-([A-Za-z0-9_][A-Za-z0-9._-]{0,127})\}/g
const DIGEST = /\bsha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})\b/g

/**
 * Finds what Kubernetes, Compose, Helm and Dockerfile text needs of a repository, by words rather than by
 * syntax: a file that no parser of ours understands protects all the same, and too much protection costs less
 * than too little.
 */
export function findImageReferences(text: string, repository: Repository): ImageReferences {
  const written = sortOut(mentionsOf(text, repository))
  const filled = withDefaults(text)
  if (filled === null) return { ...written, defaultTags: new Set() }
  const defaults = sortOut(mentionsOf(filled, repository))
  return {
    tags: written.tags,
    defaultTags: defaults.tags,
    digests: new Set([...written.digests, ...defaults.digests]),
    isNamed: written.isNamed || defaults.isNamed,
    open: [...written.open, ...defaults.open],
  }
}

function sortOut(mentions: readonly Mention[]) {
  const tags = new Set<Tag>()
  const digests = new Set<Digest>()
  const open: Literals[] = []
  for (const { literals, digest } of mentions) {
    const [whole = ''] = literals
    const tag = whole.replace(END, '')
    if (digest !== null) digests.add(digest)
    if (literals.length > 1) open.push(literals)
    else if (isTag(tag)) tags.add(tag)
    else if (digest === null) open.push(ANYTHING)
  }
  return { tags, digests, isNamed: mentions.length > 0, open }
}

/** What templates put around a tag, wherever the name of its image comes from. */
export function templateLiterals(text: string): Literals[] {
  return Array.from(text.matchAll(TEMPLATE_TAG), ({ 0: whole, 1: prefix = '', index }) => {
    const start = index + whole.length
    return literalsOf(prefix, text.slice(start, start + MAX_BEHIND))
  }).filter((literals) => literals.some((literal) => literal !== '') || literals.length > 2)
}

interface Mention {
  /** what stands behind the name; a single one is the tag as written, empty where there is none */
  readonly literals: Literals
  readonly digest: Digest | null
}

/** Characters behind a name that are looked at. */
const MAX_BEHIND = 600

function mentionsOf(text: string, repository: Repository): Mention[] {
  const name = repository.path.slice(repository.path.lastIndexOf('/') + 1)
  const mentions: Mention[] = []
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!word.includes(name)) continue
    const mention = readMention(word, text, index, repository)
    if (mention !== null) mentions.push(mention)
  }
  return mentions
}

function readMention(word: string, text: string, start: number, repository: Repository): Mention | null {
  const before = text.slice(Math.max(0, start - 2), start)
  const behind = text.slice(start + word.length, start + word.length + MAX_BEHIND)
  for (const reading of readingsOf(word, before)) {
    const [named = '', digest = ''] = reading.text.split('@', 2)
    const colon = named.indexOf(':', named.lastIndexOf('/') + 1)
    const name = (colon === -1 ? named : named.slice(0, colon)).replace(END, '')
    if (!isNameOf(name, reading.isTail, repository)) continue
    return {
      literals: literalsOf(colon === -1 ? '' : named.slice(colon + 1), behind),
      digest: isDigest(digest) ? digest : null,
    }
  }
  return null
}

interface Reading {
  readonly text: string
  /** the first part of the name is filled in from elsewhere */
  readonly isTail: boolean
}

/**
 * `docker://ghcr.io/acme/api`, `image:ghcr.io/acme/api`, `{{ registry }}/acme/api` and `$REGISTRY/acme/api`
 * name it, too.
 */
function readingsOf(word: string, before: string): Reading[] {
  const readings = [{ text: word, isTail: AFTER_FILLER.test(before) }]
  if (/[$%]$/.test(before)) readings.push({ text: word.slice(word.indexOf('/') + 1), isTail: true })
  const [prefix = ''] = /^(?:[\w+.-]{1,40}:\/\/|[A-Za-z_-]{1,40}:(?!\d))/.exec(word) ?? []
  if (prefix !== '') readings.push({ text: word.slice(prefix.length), isTail: false })
  return readings
}

function isNameOf(name: string, isTail: boolean, { registry, path }: Repository): boolean {
  if (isTail && name !== '' && `/${registry.host}/${path}`.endsWith(`/${name}`)) return true
  try {
    const { repository } = parseReference(name, DOCKER_HUB)
    // plain HTTP or TLS: files do not say, and it is the same image
    const isSameHost = repository.registry.host === registry.host || storageFolderOf(registry) !== null
    return repository.path === path && isSameHost
  } catch (error) {
    if (error instanceof WardenError) return false
    throw error
  }
}

/**
 * Whether the name stands in parts, as Helm charts like to have it: `registry: ghcr.io` and `repository: acme/api`, or
 * `repository: oci://ghcr.io/acme` and `name: api`; on different lines or in different files, with a tag behind the
 * last part or without.
 */
export function isNamedInParts(texts: readonly string[], { registry, path }: Repository): boolean {
  // under which host a storage folder is served is not known here
  const whole = storageFolderOf(registry) === null ? `${registry.host}/${path}` : `/${path}`
  const found = new Set<string>()
  for (const text of texts) {
    for (const [word] of text.matchAll(WORD)) {
      for (const part of partsOf(word)) if (part !== '' && whole.includes(part)) found.add(part)
    }
  }
  if (whole.startsWith('/')) found.add('')
  return isMadeOf(whole, found)
}

/** What of a word may be a part of a name: without a scheme, and without a tag or a digest. */
function partsOf(word: string): string[] {
  const bare = word.replace(/^[\w+.-]{1,40}:\/\//, '')
  const [named = ''] = bare.split('@', 1)
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1)
  return [bare, named, colon === -1 ? named : named.slice(0, colon)].map((part) => part.replace(END, ''))
}

/** Whether a path is two or more of the parts, one behind the other. */
function isMadeOf(path: string, parts: ReadonlySet<string>): boolean {
  const names = path.split('/')
  const reached = [true, ...names.map(() => false)]
  for (const end of names.keys()) {
    reached[end + 1] = names.slice(0, end + 1).some((_, start) => {
      const isWhole = start === 0 && end === names.length - 1
      return reached[start] === true && !isWhole && parts.has(names.slice(start, end + 1).join('/'))
    })
  }
  return reached[names.length] === true
}

/** Every word of a text that could be a tag. */
export function tagWords(text: string): Set<Tag> {
  const words = new Set<Tag>()
  const add = (word: string) => {
    if (isTag(word)) words.add(word)
  }
  for (const [word] of text.matchAll(TAG_WORD)) {
    add(word)
    add(word.replace(END, ''))
  }
  for (const [, word = ''] of text.matchAll(DEFAULT)) add(word)
  return words
}

/** Every digest that a text spells out. */
export function digestsIn(text: string): Set<Digest> {
  return new Set([...text.matchAll(DIGEST)].map(([digest]) => digest).filter(isDigest))
}
