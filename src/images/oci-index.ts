import { WardenError } from '../domain/errors.ts'
import type { Descriptor } from '../domain/manifest/manifest.ts'
import { isAttestation } from '../domain/manifest/media-type.ts'
import type { Digest } from '../domain/names/digest.ts'
import { shortDigest } from '../domain/names/digest.ts'
import { formatPlatform } from '../domain/names/platform.ts'
import { nearestTags } from '../domain/names/tag-order.ts'
import type { Tag } from '../domain/names/tag.ts'
import { listNames, tagOfName, tagsOfNames } from './local-image.ts'

/** BuildKit and containerd write the tag into the first and the whole reference into the second. */
const NAME_ANNOTATIONS = ['org.opencontainers.image.ref.name', 'io.containerd.image.name']

/** What an entry of `index.json` is called: a tag or a whole reference, as the tool that wrote it has it. */
export function namesOf({ annotations }: Descriptor): string[] {
  return NAME_ANNOTATIONS.flatMap((key) => annotations.get(key) ?? [])
}

/**
 * The entry of `index.json` that is meant; null: `index.json` is itself the image, as go-containerregistry
 * writes one for several platforms.
 * @throws WardenError `not-found` when no entry has the tag, `input` when several images are there to choose
 * from
 */
export function chooseImage(entries: readonly Descriptor[], tag: Tag | null): Digest | null {
  const images = entries.filter((entry) => !isAttestation(entry))
  const chosen = tag === null ? images : withTag(images, tag)
  const digests = [...new Set(chosen.map(({ digest }) => digest))]
  if (digests.length > 1) {
    if (tag === null && arePlatformsOfOne(images)) return null
    throw severalImages(chosen, tag)
  }
  const [only] = digests
  if (only !== undefined) return only
  throw tag === null ? new WardenError('not-found', 'index.json lists no image') : unknownTag(images, tag)
}

/**
 * A tag is unique by the specification. Where tools wrote references, several repositories can have the same
 * one.
 */
function withTag(images: readonly Descriptor[], tag: Tag): Descriptor[] {
  return images.filter((entry) => namesOf(entry).some((name) => tagOfName(name) === tag))
}

function arePlatformsOfOne(images: readonly Descriptor[]): boolean {
  const platforms = images.flatMap(({ platform }) => (platform === null ? [] : [formatPlatform(platform)]))
  return new Set(platforms).size === images.length && images.every((entry) => namesOf(entry).length === 0)
}

function severalImages(images: readonly Descriptor[], tag: Tag | null): WardenError {
  const names = images.map((entry) => namesOf(entry)[0] ?? `${shortDigest(entry.digest)} without a name`)
  if (tag !== null) {
    return new WardenError('input', `several images have the tag ${tag}: ${listNames(names)}`, {
      advice: 'Export only the one to measure',
    })
  }
  return new WardenError('input', `several images are in it: ${listNames([...new Set(names)])}`, {
    advice: 'Name the one to measure by :TAG behind the path',
  })
}

function unknownTag(images: readonly Descriptor[], tag: Tag): WardenError {
  const tags = tagsOfNames(images.flatMap(namesOf))
  const near = nearestTags(tag, tags)
  return new WardenError('not-found', `no image in it has the tag ${tag}`, {
    advice: near.length > 0 ? `Did you mean ${near.join(', ')}?` : `It has ${listNames(tags) || 'no tags'}`,
  })
}
