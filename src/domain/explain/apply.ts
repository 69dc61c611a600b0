import { formatPlatform } from '../names/platform.ts'
import type { Severity } from '../size/breaches.ts'
import type {
  AppliedLimit,
  Breach,
  JudgedImage,
  JudgedPlatform,
  SizeReport,
  Verdict,
} from '../size/report.ts'
import type { SizeExplanation } from './explanation.ts'
import { allowedWaste } from './wasted-limit.ts'
import type { WastedLimit, WastedLimits } from './wasted-limit.ts'
import type { WastedBytes } from './wasted.ts'

/**
 * The report with what explains its platform images, and judged by `max-wasted` and `warn-wasted`. Where not
 * all of an image was read, they cannot be judged: the run does not pass then, but warns.
 * @param explanationOf null where nothing was looked into
 */
export function withExplanations(
  report: SizeReport,
  explanationOf: (platform: JudgedPlatform) => SizeExplanation | null,
  limits: WastedLimits,
  severity: Severity,
): SizeReport {
  const breaches: Breach[] = []
  const warnings = new Set<string>()
  const judge = (image: JudgedImage, platform: JudgedPlatform): JudgedPlatform => {
    const explanation = explanationOf(platform)
    const applied = limitOnWaste(platform, explanation, limits)
    if (applied === 'unknown') warnings.add(unjudged(image, platform, limits, explanation))
    const known = applied === 'unknown' ? null : applied
    const breach = known === null ? null : wasteBreach(image, platform, known, severity)
    if (breach !== null) breaches.push(breach)
    const verdict = applied === 'unknown' ? 'warn' : (breach?.severity ?? 'pass')
    return {
      ...platform,
      ...(explanation === null ? {} : { explanation }),
      ...(known === null ? {} : { wastedLimit: known.applied }),
      isLimited: platform.isLimited || (limits.max ?? limits.warn) !== null,
      verdict: worse(platform.verdict, verdict),
    }
  }
  const images = report.images.map((image) => ({
    ...image,
    platforms: image.platforms.map((platform) => judge(image, platform)),
  }))
  const isTolerated = breaches.some(({ limit }) => limit === 'max-wasted') && severity !== 'fail'
  return {
    ...report,
    images,
    breaches: [...report.breaches, ...breaches],
    warnings: [...report.warnings, ...warnings],
    leniency: report.leniency ?? (isTolerated ? severity.warnBecause : null),
    verdict: images
      .flatMap(({ platforms }) => platforms)
      .reduce((worst, { verdict }) => worse(worst, verdict), report.verdict),
  }
}

/** A limit on what is wasted, beside what is. */
interface LimitedWaste {
  readonly wasted: WastedBytes
  readonly limit: WastedLimit
  readonly applied: AppliedLimit
}

/** The hard limit, or the soft one where only that is exceeded or there is no hard one. */
function limitOnWaste(
  platform: JudgedPlatform,
  explanation: SizeExplanation | null,
  { max, warn }: WastedLimits,
): LimitedWaste | 'unknown' | null {
  if ((max ?? warn) === null || isEmpty(platform)) return null
  const wasted = explanation?.wasted ?? null
  if (wasted === null) return 'unknown'
  const isOver = (one: WastedLimit | null): boolean =>
    one !== null && wasted.bytes > allowedWaste(one, wasted)
  const limit = !isOver(max) && isOver(warn) ? warn : (max ?? warn)
  if (limit === null) return null
  const severity = limit === max ? 'fail' : 'warn'
  return { wasted, limit, applied: { bytes: allowedWaste(limit, wasted), rule: limit.text, severity } }
}

function wasteBreach(
  image: JudgedImage,
  platform: JudgedPlatform,
  { wasted, limit, applied }: LimitedWaste,
  severity: Severity,
): Breach | null {
  if (wasted.bytes <= applied.bytes) return null
  const isHard = applied.severity === 'fail'
  return {
    limit: isHard ? 'max-wasted' : 'warn-wasted',
    severity: isHard && severity === 'fail' ? 'fail' : 'warn',
    image: image.name,
    platform: platform.platform,
    digest: platform.digest,
    actual: wasted.bytes,
    allowed: applied.bytes,
    rule: limit.text,
    layer: null,
    reason: limit.unit === 'share' ? `more than ${limit.text} of what its layers unpack to` : null,
  }
}

function isEmpty({ layers }: JudgedPlatform): boolean {
  return layers.every(({ throwaway }) => throwaway)
}

function unjudged(
  { name }: JudgedImage,
  { platform }: JudgedPlatform,
  { max }: WastedLimits,
  explanation: SizeExplanation | null,
): string {
  const which = max === null ? 'warn-wasted' : 'max-wasted'
  const where = platform === null ? '' : ` ${formatPlatform(platform)}`
  const causes = new Set(explanation?.unread.map(({ cause }) => CAUSES[cause]) ?? [])
  const why = causes.size === 0 ? CAUSES.unreadable : [...causes].join(', and ')
  return `${which} is not judged for ${name}${where}: ${why}`
}

const CAUSES = {
  budget: 'reading all of its layers takes more than explain-budget',
  foreign: 'it has foreign layers, which are never requested',
  paths: 'it has more files than are kept apart',
  unreadable: 'not all of its layers could be read',
} as const

function worse(a: Verdict, b: Verdict): Verdict {
  if (a === 'fail' || b === 'fail') return 'fail'
  return a === 'warn' || b === 'warn' ? 'warn' : 'pass'
}
