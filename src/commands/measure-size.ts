import { WardenError } from '../domain/errors.ts'
import { judgeSizes } from '../domain/size/judge.ts'
import type { Severity } from '../domain/size/judge.ts'
import type { SizeLimits } from '../domain/size/limits.ts'
import { measureImage } from '../domain/size/measure.ts'
import type { SizeReport } from '../domain/size/report.ts'
import { requirePlatforms } from '../domain/size/selection.ts'
import type { PlatformSelection } from '../domain/size/selection.ts'
import { Attempts } from './attempts.ts'
import type { AttemptDeps } from './attempts.ts'
import { createDetailReader } from './image-details.ts'
import type { ReadTarget } from './image-details.ts'
import { readImageTree } from './image-tree.ts'
import { selectTargets } from './targets.ts'
import type { ImageSelection } from './targets.ts'

export interface SizeRequest {
  readonly images: readonly ImageSelection[]
  readonly platforms: PlatformSelection
  readonly limits: SizeLimits
  readonly severity: Severity
  /** read every config, however many images are selected: a report file names each layer's instruction */
  readonly everyConfig: boolean
}

/** Beyond this many platform images nobody reads layer tables, and a config each would double the requests. */
const CONFIGS_WORTH_READING = 20

/**
 * The whole of `mode: size` but its renderings: select, read, measure, judge.
 * @throws WardenError when nothing could be measured, or for what meets every image (credentials, network, limits)
 */
export async function measureSize(request: SizeRequest, deps: AttemptDeps): Promise<SizeReport> {
  const targets = await selectTargets(request.images)
  const attempts = new Attempts(deps)
  const read = await attempts.each(
    'read',
    targets.map((target) => ({ target })),
    async ({ target }) => ({
      target,
      tree: await readImageTree(target.reader, target.manifest, request.platforms),
    }),
  )
  for (const { target, tree } of read) {
    for (const notice of tree.notices) attempts.notice(`${target.name}: ${notice}`)
    for (const reason of tree.missing) attempts.lacks(target, reason)
  }
  const readDetails = createDetailReader({
    platforms: request.platforms,
    everyConfig: request.everyConfig || countPlatformImages(read) <= CONFIGS_WORTH_READING,
    platformsMatter: platformsMatter(request),
  })
  const images = await attempts.each('measured', read, readDetails)
  const findings = attempts.findings()
  if (!findings.partial)
    requirePlatforms(
      request.platforms,
      images.flatMap((image) => image.seen),
    )
  if (!images.some((image) => image.platforms.length > 0))
    throw attempts.firstError ?? nothingToMeasure(findings.notices)
  return judgeSizes(images.map(measureImage), request.limits, request.severity, findings)
}

function countPlatformImages(read: readonly ReadTarget[]): number {
  return new Set(read.flatMap(({ tree }) => tree.leaves.map((leaf) => leaf.digest))).size
}

function platformsMatter({ platforms, limits }: SizeRequest): boolean {
  return (
    platforms !== 'all' || [...limits.maxSize, ...limits.warnSize].some((limit) => limit.platform !== null)
  )
}

function nothingToMeasure(notices: readonly string[]): WardenError {
  return new WardenError(
    'protocol',
    `nothing could be measured: ${notices[0] ?? 'no platform image was found'}`,
  )
}
