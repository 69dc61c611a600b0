import type { Digest } from '../names/digest.ts'
import { formatPlatform } from '../names/platform.ts'
import { sumBytes } from '../quantities/bytes.ts'
import type { Bytes } from '../quantities/bytes.ts'
import { distinctBlobs } from '../size/measure.ts'
import type { MeasuredImage, MeasuredPlatform, SizedBlob } from '../size/report.ts'
import type { FoundBaseline, Growth, MissingBaseline, UnreadBaseline } from './growth.ts'
import { matchLayers } from './layers.ts'

export interface ComparisonRules {
  /** smaller changes are none */
  readonly minimumChange: Bytes
  /** own layers are compared with own layers */
  readonly ignoreBase: boolean
}

/** A baseline that was read: how it was found, what it weighs, and what of it could not be read. */
export interface ReadBaseline extends Pick<FoundBaseline, 'name' | 'entry' | 'placeholders' | 'skipped'> {
  readonly image: MeasuredImage
  /** why platforms that seem to be new may not be; null when all of the baseline was read */
  readonly incomplete: string | null
}

/** The image with its growth since the baseline, platform by platform. */
export function compareWith(
  image: MeasuredImage,
  baseline: ReadBaseline,
  rules: ComparisonRules,
): MeasuredImage {
  const { image: old, name, entry, placeholders, skipped, incomplete } = baseline
  const pairs = pairPlatforms(image.platforms, old.platforms)
  const paired = new Set(pairs.values())
  const absent: Growth | null =
    incomplete === null ? null : { state: 'unknown', cause: 'unread', reason: incomplete }
  const removed = old.platforms
    .filter((platform) => !paired.has(platform))
    .map(({ platform, digest, size }) => ({ platform, digest, size }))
  return {
    ...image,
    baseline: {
      state: 'found',
      name,
      digest: old.digest,
      created: old.created,
      entry,
      placeholders,
      removed,
      skipped,
    },
    platforms: image.platforms.map((platform) => {
      const other = pairs.get(platform)
      const growth = other === undefined ? absent : growthSince(other, platform, rules, name)
      return { ...platform, growth: growth ?? { state: 'new', pullSize: platform.size } }
    }),
  }
}

/**
 * The image where nothing could be compared with it: `new` when no baseline exists, `unknown` when none was
 * read.
 */
export function withoutBaseline(
  image: MeasuredImage,
  baseline: MissingBaseline | UnreadBaseline,
): MeasuredImage {
  const growth: Growth =
    baseline.state === 'missing'
      ? { state: 'new', pullSize: null }
      : { state: 'unknown', cause: 'unread', reason: baseline.reason }
  return { ...image, baseline, platforms: image.platforms.map((platform) => ({ ...platform, growth })) }
}

/** Bytes of the blobs of `image` that `baseline` does not have. */
export function pullSize(baseline: MeasuredPlatform, image: MeasuredPlatform): Bytes {
  const had = new Set<Digest>(blobsOf(baseline).map((blob) => blob.digest))
  return sumBytes(distinctBlobs(blobsOf(image).filter((blob) => !had.has(blob.digest))).values())
}

function blobsOf({ config, layers }: MeasuredPlatform): readonly SizedBlob[] {
  return config === null ? layers : [config, ...layers]
}

/**
 * For each platform image its counterpart, as far as there is one. Several of one platform are paired in
 * their order; the only one of each side also where one of them names no platform.
 */
function pairPlatforms(
  images: readonly MeasuredPlatform[],
  olds: readonly MeasuredPlatform[],
): Map<MeasuredPlatform, MeasuredPlatform> {
  const pairs = new Map<MeasuredPlatform, MeasuredPlatform>()
  const paired = new Set<MeasuredPlatform>()
  for (const keyOf of [exactKey, releaseKey]) {
    const free = Map.groupBy(
      olds.filter((old) => !paired.has(old)),
      keyOf,
    )
    for (const image of images) {
      const key = keyOf(image)
      const old = pairs.has(image) || key === null ? undefined : free.get(key)?.shift()
      if (old === undefined) continue
      pairs.set(image, old)
      paired.add(old)
    }
  }
  const [only, ...others] = images
  const [onlyOld, ...otherOlds] = olds
  // kaniko and others wrote configs that name no platform
  const isUnnamed = only?.platform === null || onlyOld?.platform === null
  if (only !== undefined && onlyOld !== undefined && others.length + otherOlds.length === 0 && isUnnamed)
    pairs.set(only, onlyOld)
  return pairs
}

function exactKey({ platform }: MeasuredPlatform): string | null {
  return platform === null ? '' : formatPlatform(platform)
}

/**
 * Every Windows base image has another `os.version`, `10.0.20348.2113`, each month; what tells releases apart
 * are its first three numbers. Null where there is no version.
 */
function releaseKey({ platform }: MeasuredPlatform): string | null {
  if (platform === null || platform.osVersion === null) return null
  return formatPlatform({ ...platform, osVersion: platform.osVersion.split('.').slice(0, 3).join('.') })
}

function growthSince(
  old: MeasuredPlatform,
  image: MeasuredPlatform,
  rules: ComparisonRules,
  name: string,
): Growth {
  if (rules.ignoreBase && (image.base === null) !== (old.base === null)) {
    const side = old.base === null ? `the baseline ${name}` : 'the image'
    const reason = `growth of own layers is unknown: the base image is not the base of ${side}`
    return { state: 'unknown', cause: 'incomparable', reason }
  }
  const difference = image.judgedSize - old.judgedSize
  const changed = difference !== 0 && Math.abs(difference) >= rules.minimumChange
  return {
    state: changed ? 'changed' : 'unchanged',
    baseline: {
      digest: old.digest,
      size: old.size,
      judgedSize: old.judgedSize,
      estimated: old.estimated,
    },
    difference,
    ratio: old.judgedSize === 0 ? null : difference / old.judgedSize,
    // An estimated layer is named by its uncompressed bytes: its digest says nothing about what a registry
    // stores.
    pullSize: image.estimated === old.estimated ? pullSize(old, image) : null,
    layers: matchLayers(old.layers, image.layers),
    recompressed: recompression(old, image),
    estimated: image.estimated || old.estimated,
  }
}

function recompression(
  { compression: from }: MeasuredPlatform,
  { compression: to }: MeasuredPlatform,
): { readonly from: string; readonly to: string } | null {
  return from === null || to === null || from === to ? null : { from, to }
}
