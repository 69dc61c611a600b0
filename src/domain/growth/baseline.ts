import { WardenError, inputError } from '../errors.ts'
import type { Digest } from '../names/digest.ts'
import { parseImageSource } from '../names/image-source.ts'
import type { ImageSource } from '../names/image-source.ts'
import { formatReference, formatRepository, parseReference } from '../names/reference.ts'
import type { Registry, Repository } from '../names/reference.ts'
import { isTag, parseTag } from '../names/tag.ts'
import type { Tag } from '../names/tag.ts'
import type { Placeholder } from './growth.ts'
import type { PullRequestFacts } from './pull-request-facts.ts'

/**
 * One entry of `baseline`, parsed: a tag of whatever repository the image is in, or an image of its own. Kept
 * apart from what it resolves to, because placeholders are asked for only when the entry's turn comes.
 */
export type BaselineEntry = TagBaseline | ReferenceBaseline | LocalBaseline

/** `:main`, `:{merge-base}`: a tag of the image's own repository. */
export interface TagBaseline {
  readonly kind: 'tag'
  /** as the user wrote it */
  readonly text: string
  readonly tag: TagTemplate
}

/** `ghcr.io/acme/api:sha-{base-sha}`; without tag and digest it means `latest`, as everywhere. */
export interface ReferenceBaseline {
  readonly kind: 'reference'
  readonly text: string
  readonly repository: Repository
  /** null when a digest names the image */
  readonly tag: TagTemplate | null
  readonly digest: Digest | null
}

/** `oci-layout://…`, `oci-archive://…`, `docker-archive://…`: an image that was never pushed. */
export interface LocalBaseline {
  readonly kind: 'local'
  readonly text: string
  readonly source: ImageSource
}

/** The pieces of a tag in their order, placeholders not filled in yet. */
export type TagTemplate = readonly (string | { readonly placeholder: Placeholder })[]

const PLACEHOLDERS: readonly Placeholder[] = ['merge-base', 'base-sha', 'base-ref']
const NAMES = PLACEHOLDERS.map((name) => `{${name}}`).join(', ')
/**
 * What a placeholder stands for while the grammar of the rest is checked: fits a tag and a path, and can be
 * told again.
 */
const standIn = (name: Placeholder): string => `0.${name}.0`

/**
 * Parses the ordered list of `baseline`.
 * @throws WardenError of kind `input`: not a reference, or a placeholder that is unknown or not in a tag
 */
export function parseBaseline(lines: readonly string[], defaultRegistry: Registry): BaselineEntry[] {
  return lines.map((line) => {
    if (line.includes('${')) throw inputError('baseline', line, `Write ${NAMES} without the $`)
    try {
      return parseEntry(line, defaultRegistry)
    } catch (error) {
      throw withPlaceholders(error)
    }
  })
}

function parseEntry(text: string, defaultRegistry: Registry): BaselineEntry {
  const source = parseImageSource(text, 'baseline')
  if (source !== null) {
    if (withStandIns(text) !== text) throw misplaced(text)
    return { kind: 'local', text, source }
  }
  if (/[{}]/.test(withStandIns(text))) throw inputError('baseline', text, `Placeholders are ${NAMES}`)
  if (text.startsWith(':')) {
    const tag = text.slice(1)
    parseTag(withStandIns(tag), 'baseline')
    return { kind: 'tag', text, tag: parseTemplate(tag) }
  }
  if (isTag(text) && /[A-Z]/.test(text)) {
    throw inputError('baseline', text, `A tag of the same repository is written with a colon: :${text}`)
  }
  const { repository, tag, digest } = parseReference(withStandIns(text), defaultRegistry, 'baseline')
  const written = tag === null || digest !== null ? '' : text.slice(text.lastIndexOf(':') + 1)
  if (countPlaceholders(text) !== countPlaceholders(written)) throw misplaced(text)
  if (digest !== null) return { kind: 'reference', text, repository, tag: null, digest }
  return { kind: 'reference', text, repository, tag: parseTemplate(written || 'latest'), digest }
}

function misplaced(text: string): WardenError {
  return inputError(
    'baseline',
    text,
    'Placeholders stand in a tag, :{base-sha}, or in the tag of a reference: ghcr.io/acme/api:{base-sha}',
  )
}

function withStandIns(text: string): string {
  return PLACEHOLDERS.reduce((rest, name) => rest.replaceAll(`{${name}}`, () => standIn(name)), text)
}

/** What is told of an entry is told in the words that were written. */
function withPlaceholders(error: unknown): unknown {
  if (!(error instanceof WardenError)) return error
  const restore = (text: string) =>
    PLACEHOLDERS.reduce((rest, name) => rest.replaceAll(standIn(name), () => `{${name}}`), text)
  const { kind, message, advice } = error
  return new WardenError(kind, restore(message), { advice: advice === null ? null : restore(advice) })
}

function countPlaceholders(text: string): number {
  return text.split('{').length - 1
}

function parseTemplate(text: string): TagTemplate {
  return text
    .split(/(\{[a-z-]+\})/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const placeholder = PLACEHOLDERS.find((name) => piece === `{${name}}`)
      return placeholder === undefined ? piece : { placeholder }
    })
}

/** What an entry needs to know before it can be read, each once, in the order they stand in it. */
export function placeholdersIn(entry: BaselineEntry): Placeholder[] {
  const template = entry.kind === 'local' ? null : entry.tag
  const found = (template ?? []).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.placeholder]))
  return [...new Set(found)]
}

/** The entries that can be filled in: the others ask for what this event does not have. */
export function entriesWithin(
  chain: readonly BaselineEntry[],
  { mergeBase, baseSha, baseRef }: PullRequestFacts,
): BaselineEntry[] {
  const known = { 'merge-base': mergeBase, 'base-sha': baseSha, 'base-ref': baseRef }
  return chain.filter((entry) => placeholdersIn(entry).every((placeholder) => known[placeholder] !== null))
}

/**
 * `:main` for the entry `main`, which names a repository; null where that may well be meant: it has a host, a
 * namespace or a tag, or is the repository of the image itself.
 */
export function forgottenColon(entry: BaselineEntry, { repository }: BaselineSeeker): string | null {
  if (entry.kind !== 'reference' || !isTag(entry.text)) return null
  return formatRepository(entry.repository) === repository ? null : `:${entry.text}`
}

/**
 * The tag that a template makes, or null where that is not a tag (too long, or it starts with a dot or a
 * dash). `{base-ref}` is written as a tag can hold it: `feature/x` becomes `feature-x`.
 */
export function fillTag(template: TagTemplate, values: ReadonlyMap<Placeholder, string>): Tag | null {
  const tag = template
    .map((piece) => {
      if (typeof piece === 'string') return piece
      const value = values.get(piece.placeholder) ?? ''
      return piece.placeholder === 'base-ref' ? tagOfBranch(value) : value
    })
    .join('')
  return isTag(tag) ? tag : null
}

/**
 * A branch name as docker/metadata-action writes it into a tag, which is how such tags come to be: each `/`
 * is a `-`, each run of what else a tag cannot hold is one `-`.
 */
export function tagOfBranch(branch: string): string {
  return branch
    .replace(/^refs\/heads\//, '')
    .replaceAll('/', '-')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
}

/**
 * An image that asks for a baseline: `repository` as `formatRepository` writes it, null outside a registry.
 */
export interface BaselineSeeker {
  readonly name: string
  readonly repository: string | null
}

/**
 * Which of the images an entry is the baseline of. A tag is that of every image's own repository. Of the
 * others:
 * - One names the repository of some image: of those images, so that each of several repositories gets its
 *   own.
 * - Otherwise it is that of the images with the same last name, so that `localhost:5000/api` is compared with
 *   `ghcr.io/acme/api`.
 * - Otherwise that of all images, when these are of one repository.
 * @throws WardenError of kind `input` when none of this decides: to guess would blame one image for another's
 * size
 */
export function imagesOf<T extends BaselineSeeker>(entry: BaselineEntry, images: readonly T[]): readonly T[] {
  if (entry.kind === 'tag') return images
  const repository = entry.kind === 'local' ? null : formatRepository(entry.repository)
  const same = images.filter((image) => image.repository !== null && image.repository === repository)
  if (same.length > 0) return same
  const name = lastName({ name: entry.text, repository })
  const namesakes = images.filter((image) => lastName(image) === name)
  if (namesakes.length > 0) return namesakes
  if (new Set(images.map((image) => image.repository ?? image.name)).size <= 1) return images
  throw new WardenError('input', `input baseline: ${JSON.stringify(entry.text)} fits none of the images`, {
    advice:
      'With images of several repositories write :TAG, or a reference whose last name is that of an image',
  })
}

/** `api` of `ghcr.io/acme/api` and of `oci-archive://out/api.tar.gz:v1`. */
function lastName({ name, repository }: BaselineSeeker): string {
  const last = (repository ?? name).split('/').at(-1) ?? ''
  return repository === null ? last.replace(/[:@].*$/, '').replace(/\.(?:tar|tgz|oci)\b.*$/, '') : last
}

/** The reference as people write it, once its tag is known. */
export function nameOf(repository: Repository, manifest: Tag | Digest): string {
  return isTag(manifest)
    ? formatReference({ repository, tag: manifest, digest: null })
    : `${formatRepository(repository)}@${manifest}`
}
