import { WardenError } from '../../domain/errors.ts'
import type { BaselineEntry } from '../../domain/growth/baseline.ts'
import { judgeOwn } from '../../domain/growth/base.ts'
import { formatPlatform } from '../../domain/names/platform.ts'
import type { Bytes } from '../../domain/quantities/bytes.ts'
import { judgeSizes } from '../../domain/size/judge.ts'
import type { Severity } from '../../domain/size/judge.ts'
import type { SizeLimits } from '../../domain/size/limits.ts'
import { measureImage } from '../../domain/size/measure.ts'
import type { MeasuredImage, SizeReport } from '../../domain/size/report.ts'
import { requirePlatforms } from '../../domain/size/selection.ts'
import type { PlatformSelection } from '../../domain/size/selection.ts'
import { Attempts } from './attempts.ts'
import type { AttemptDeps } from './attempts.ts'
import { createBaseSplitter } from './base-image.ts'
import type { BaseSource, MeasureSplit } from './base-image.ts'
import { createBaselineSearch, forThisRun } from './baseline.ts'
import type { BaselineSources } from './baseline.ts'
import { createBaselineTrees, detailBaseline, growSince } from './growth.ts'
import type { BaselineTree, DetailedBaseline } from './growth.ts'
import { createDetailReader } from './image-details.ts'
import type { DetailedImage, ReadTarget } from './image-details.ts'
import { readTreeBelow } from './image-tree.ts'
import { mergeNames } from './names.ts'
import { selectTargets } from './targets.ts'
import type { ImageSelection, ImageTarget } from './targets.ts'

/** What is measured, and by which limits it is judged. */
export interface SizeRequest {
  readonly images: readonly ImageSelection[]
  readonly platforms: PlatformSelection
  readonly limits: SizeLimits
  readonly severity: Severity
  /** read every config, however many images are selected: a report file names each layer's instruction */
  readonly everyConfig: boolean
  /** absent: sizes only */
  readonly growth?: GrowthRequest
}

/** What images are compared with and split by. */
export interface GrowthRequest extends BaselineSources {
  /** in the order in which they are tried; empty: no comparison */
  readonly baseline: readonly BaselineEntry[]
  /** smaller changes count as unchanged */
  readonly minimumChange: Bytes
  readonly baseImage: BaseSource | null
}

interface ReadPair extends ReadTarget {
  readonly baseline: BaselineTree | null
}

interface DetailedPair {
  readonly image: DetailedImage
  readonly baseline: DetailedBaseline | null
}

/**
 * Beyond this many platform images nobody reads layer tables, and a config each would double the requests.
 */
const CONFIGS_WORTH_READING = 20

/**
 * The whole of `mode: size` but its renderings: select, read, measure, compare, judge.
 * @throws WardenError when nothing could be measured, or for what meets every image (credentials, network,
 * limits)
 */
export async function measureSize(asked: SizeRequest, deps: AttemptDeps): Promise<SizeReport> {
  const { growth } = asked
  const attempts = new Attempts(deps)
  const asides: string[] = []
  const aside = (text: string): void => {
    asides.push(text)
    deps.log.info(`Note: ${text}`)
  }
  const request = growth === undefined ? asked : { ...asked, growth: forThisRun(growth, deps.log, aside) }
  const targets = await selectTargets(request.images, deps.concurrency, (repository, error) =>
    attempts.lost(repository, error),
  )
  if (targets.length === 0) throw attempts.firstError ?? nothingSelected(request.images.length)
  const read = await readPairs(request, targets, attempts)
  const pairs = await detailPairs(request, read, attempts)
  const images = pairs.map(({ image }) => image)
  const { partial, notices } = attempts.findings()
  if (!partial)
    requirePlatforms(
      request.platforms,
      images.flatMap((image) => image.seen),
    )
  if (!images.some((image) => image.platforms.length > 0))
    throw attempts.firstError ?? nothingToMeasure(notices)
  const measured = await measurePairs(request, pairs, attempts)
  return { ...judgeSizes(measured, request.limits, request.severity, attempts.findings()), asides }
}

/** The manifests of the images and, at the same time, of their baselines. */
async function readPairs(
  { growth, platforms }: SizeRequest,
  targets: readonly ImageTarget[],
  attempts: Attempts,
): Promise<ReadPair[]> {
  const chain = growth?.baseline ?? []
  const readBaseline =
    growth === undefined || chain.length === 0
      ? null
      : createBaselineTrees(createBaselineSearch(chain, targets, growth), platforms)
  const read = await attempts.each(
    'read',
    targets.map((target) => ({ target })),
    async ({ target }) => {
      const top = target.begun ?? target.reader.manifest(target.manifest)
      const [tree, baseline] = await Promise.all([
        top.then((manifest) => readTreeBelow(target.reader, manifest, platforms)),
        readBaseline?.(target, top) ?? null,
      ])
      return { target, tree, baseline }
    },
  )
  const images = mergeNames(read)
  for (const { target, tree } of images) {
    // an image that was asked for by name and of which nothing is measured must not pass; one of many tags
    // may be anything
    const isLost = tree.leaves.length === 0 && !target.listed
    for (const notice of tree.notices) {
      if (isLost) attempts.lacks(target, notice)
      else attempts.notice(`${target.name}: ${notice}`)
    }
    for (const reason of tree.missing) attempts.lacks(target, reason)
  }
  return images
}

/**
 * What manifests leave open. An image without platform in its index cannot be compared before its config is
 * read.
 */
async function detailPairs(
  request: SizeRequest,
  read: readonly ReadPair[],
  attempts: Attempts,
): Promise<DetailedPair[]> {
  const { everyConfig, growth, platforms } = request
  const readDetails = createDetailReader({
    platforms,
    everyConfig:
      everyConfig || growth?.baseImage === 'auto' || countPlatformImages(read) <= CONFIGS_WORTH_READING,
    platformsMatter: platformsMatter(request),
  })
  return attempts.each('measured', read, async (pair) => {
    const [image, baseline] = await Promise.all([
      readDetails(pair),
      pair.baseline === null ? null : detailBaseline(pair.baseline, readDetails),
    ])
    if (!pair.target.listed) sayUnselected(image, attempts)
    return { image, baseline }
  })
}

/** An image that was asked for by name, and has none of the platforms that were. */
function sayUnselected({ name, platforms, seen }: DetailedImage, attempts: Attempts): void {
  if (platforms.length > 0 || seen.length === 0) return
  const offered = [...new Set(seen.map(formatPlatform))].slice(0, 20).join(', ')
  attempts.notice(`${name} has none of the platforms asked for, so it is not measured; it has ${offered}`)
}

async function measurePairs(
  request: SizeRequest,
  pairs: readonly DetailedPair[],
  attempts: Attempts,
): Promise<MeasuredImage[]> {
  const { growth, limits } = request
  const split = createMeasure(request, pairs, attempts)
  const measure: MeasureSplit = async (read, side) => {
    const image = await split(read, side)
    return limits.ignoreBase ? { ...image, platforms: image.platforms.map(judgeOwn) } : image
  }
  return Promise.all(
    pairs.map(async ({ image, baseline }) => {
      const measured = await measure(image, 'image')
      if (growth === undefined || baseline === null) return measured
      const rules = { minimumChange: growth.minimumChange, ignoreBase: limits.ignoreBase }
      return growSince(measured, baseline, rules, (old) => measure(old, 'baseline'), attempts)
    }),
  )
}

function createMeasure(
  { growth, platforms }: SizeRequest,
  pairs: readonly DetailedPair[],
  attempts: Attempts,
): MeasureSplit {
  const { baseImage = null, open } = growth ?? {}
  if (baseImage === null || open === undefined) return async (read) => measureImage(read)
  const measured = pairs.flatMap(({ image }) => image.platforms.map(({ platform }) => platform))
  const known = measured.filter((platform) => platform !== null)
  const wanted = known.length === measured.length ? known : platforms
  return createBaseSplitter(baseImage, wanted, open, (text) => attempts.notice(text))
}

function countPlatformImages(read: readonly ReadTarget[]): number {
  return new Set(read.flatMap(({ tree }) => tree.leaves.map((leaf) => leaf.digest))).size
}

function platformsMatter({ platforms, limits, growth }: SizeRequest): boolean {
  const { maxSize, warnSize, maxIncrease, warnIncrease } = limits
  const compared = (growth?.baseline.length ?? 0) > 0
  const rules = [...maxSize, ...warnSize, ...maxIncrease, ...warnIncrease]
  return platforms !== 'all' || compared || rules.some((rule) => rule.platform !== null)
}

function nothingSelected(count: number): WardenError {
  return new WardenError(
    'input',
    `no tag of ${count === 1 ? 'the repository' : `the ${count} repositories`} is selected`,
    {
      advice: 'Check tags and exclude-tags',
    },
  )
}

function nothingToMeasure(notices: readonly string[]): WardenError {
  return new WardenError(
    'protocol',
    `nothing could be measured: ${notices[0] ?? 'no platform image was found'}`,
  )
}
