import { formatPlatform } from '../names/platform.ts'
import type { Severity } from '../size/breaches.ts'
import type { Breach, JudgedImage, JudgedPlatform, SizeReport, Verdict } from '../size/report.ts'
import type { SizeExplanation } from './explanation.ts'
import { allowedWaste } from './wasted-limit.ts'
import type { WastedLimit, WastedLimits } from './wasted-limit.ts'

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
    const found = wasteBreach(image, platform, explanation, limits, severity)
    if (found === 'unknown') warnings.add(unjudged(image, platform, limits, explanation))
    else if (found !== null) breaches.push(found)
    const verdict = found === 'unknown' ? 'warn' : (found?.severity ?? 'pass')
    return {
      ...platform,
      ...(explanation === null ? {} : { explanation }),
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

function wasteBreach(
  image: JudgedImage,
  platform: JudgedPlatform,
  explanation: SizeExplanation | null,
  { max, warn }: WastedLimits,
  severity: Severity,
): Breach | 'unknown' | null {
  if ((max ?? warn) === null || isEmpty(platform)) return null
  const wasted = explanation?.wasted ?? null
  if (wasted === null) return 'unknown'
  const over = (limit: WastedLimit | null): boolean =>
    limit !== null && wasted.bytes > allowedWaste(limit, wasted)
  const limit = over(max) ? max : over(warn) ? warn : null
  if (limit === null) return null
  const isHard = limit === max
  return {
    limit: isHard ? 'max-wasted' : 'warn-wasted',
    severity: isHard && severity === 'fail' ? 'fail' : 'warn',
    image: image.name,
    platform: platform.platform,
    digest: platform.digest,
    actual: wasted.bytes,
    allowed: allowedWaste(limit, wasted),
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
