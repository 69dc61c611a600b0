import { WardenError } from '../domain/errors.ts'
import type { Descriptor } from '../domain/manifest/manifest.ts'
import { isAttestation } from '../domain/manifest/media-type.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatPlatform } from '../domain/names/platform.ts'
import { nearestTags } from '../domain/names/tag-order.ts'
import { isTag, tagList } from '../domain/names/tag.ts'
import { listNames, tagOfName, tagsOfNames } from './local-image.ts'

/** BuildKit and containerd write the tag into the first and the whole reference into the second. */
const NAME_ANNOTATIONS = ['org.opencontainers.image.ref.name', 'io.containerd.image.name']

/** What an entry of `index.json` is called: a tag or a whole reference, as the tool that wrote it has it. */
export function namesOf({ annotations }: Descriptor): string[] {
  return NAME_ANNOTATIONS.flatMap((key) => annotations.get(key) ?? [])
}

/** Which image of a layout is meant, and where the layout is. */
export interface ImageChoice {
  /** a tag, or the whole name of an image; null: the only one there is */
  readonly name: string | null
  /** decides where it is given, whatever the names are */
  readonly digest: Digest | null
  /** `oci-layout://out`, for advice */
  readonly store: string
}

/**
 * The image that is meant; null: `index.json` is itself the image, as go-containerregistry writes one for
 * several platforms.
 * @throws WardenError `not-found` when no entry has the name, `input` when several images are there to choose
 * from
 */
export function chooseImage(entries: readonly Descriptor[], choice: ImageChoice): Digest | null {
  // any manifest of the layout may be named by its digest, as in a registry
  if (choice.digest !== null) return choice.digest
  const images = entries.filter((entry) => !isAttestation(entry))
  const chosen = choice.name === null ? images : withName(images, choice.name)
  const digests = [...new Set(chosen.map(({ digest }) => digest))]
  if (digests.length > 1) {
    if (choice.name === null && arePlatformsOfOne(images)) return null
    throw severalImages(chosen, choice)
  }
  const [only] = digests
  if (only !== undefined) return only
  throw choice.name === null
    ? new WardenError('not-found', 'index.json lists no image')
    : unknownName(images, choice.name)
}

/**
 * Those of exactly this name, else those of the same name in full (`centos:7.9` is
 * `docker.io/library/centos:7.9` where containerd wrote it), else those of this tag.
 */
function withName(images: readonly Descriptor[], name: string): Descriptor[] {
  const comparisons: ((other: string) => boolean)[] = [
    (other) => other === name,
    (other) => familiar(other) === familiar(name),
    (other) => tagOfName(other) === name,
  ]
  const found = comparisons.map((matches) => images.filter((entry) => namesOf(entry).some(matches)))
  return found.find((some) => some.length > 0) ?? []
}

/** As Docker shows it: without its own host, the namespace of official images, and the digest. */
function familiar(name: string): string {
  const [reference = ''] = name.split('@', 1)
  return reference.replace(/^(?:index\.)?docker\.io\/(?:library\/)?/, '')
}

function arePlatformsOfOne(images: readonly Descriptor[]): boolean {
  const platforms = images.flatMap(({ platform }) => (platform === null ? [] : [formatPlatform(platform)]))
  return new Set(platforms).size === images.length && images.every((entry) => namesOf(entry).length === 0)
}

/** A tag is unique by the specification, but tools write what they are told to, the same name twice too. */
function severalImages(images: readonly Descriptor[], { name, store }: ImageChoice): WardenError {
  const told = images.map((entry) => namesOf(entry)[0] ?? `${entry.digest} without a name`)
  const what = name === null ? 'several images are in it' : severalCalled(name)
  const ways = images.map((entry) => store + selectorOf(entry, images))
  return new WardenError('input', `${what}: ${listNames([...new Set(told)])}`, {
    advice: `Name the one to measure by :TAG or @DIGEST behind the path: ${listWays([...new Set(ways)])}`,
  })
}

function severalCalled(name: string): string {
  return isTag(name)
    ? `several images have the tag ${name}`
    : `several images are called ${listNames([name])}`
}

/**
 * What stands behind the path to choose this image: its name where no other image has it, else its digest.
 */
function selectorOf(entry: Descriptor, images: readonly Descriptor[]): string {
  const ofOthers = images.filter(({ digest }) => digest !== entry.digest).flatMap(namesOf)
  const others = new Set(ofOthers.map(familiar))
  const name = namesOf(entry)
    .map((text) => text.split('@', 1)[0] ?? '')
    .find((text) => PLAIN_NAME.test(text) && !others.has(familiar(text)))
  return name === undefined ? `@${entry.digest}` : `:${name}`
}

/** What can be written into a workflow as it is. */
const PLAIN_NAME = /^\w[\w./:-]{0,199}$/
const MOST_WAYS = 3

function listWays(ways: readonly string[]): string {
  const shown = ways.slice(0, MOST_WAYS).join(' or ')
  return ways.length > MOST_WAYS ? `${shown}, and likewise the others` : shown
}

/** The error of a digest that was asked for and is not in the layout. */
export function unknownDigest(entries: readonly Descriptor[], digest: Digest): WardenError {
  const images = entries.filter((entry) => !isAttestation(entry)).map((entry) => entry.digest)
  return new WardenError('not-found', `nothing in it has the digest ${digest}`, {
    advice: `It has ${listNames(images) || 'no image'}`,
  })
}

function unknownName(images: readonly Descriptor[], name: string): WardenError {
  const names = images.flatMap(namesOf)
  const isWhole = !isTag(name)
  const near = isWhole ? [] : nearestTags(name, tagsOfNames(names))
  const known = listNames(isWhole ? names : tagsOfNames(names))
  return new WardenError(
    'not-found',
    isWhole ? `no image in it is called ${listNames([name])}` : `no image in it has the tag ${name}`,
    { advice: near.length > 0 ? `Did you mean ${tagList(near)}?` : `It has ${known || 'no names'}` },
  )
}
