import type { SizeLimits } from './limits.ts'
import type { MeasuredImage } from './report.ts'
import { ruleFor } from './scoped-rule.ts'
import type { ScopedRule } from './scoped-rule.ts'
import { someNames } from '../text.ts'

/** What is to be said of rules that name no measured image. */
export interface UnusedRules {
  readonly warnings: readonly string[]
  /** of one limit no rule at all names an image: it was asked for and holds nothing */
  readonly isAnyLimitOff: boolean
}

const MOST_NAMES = 5

/**
 * A rule that names no measured image guards nothing. An image that no rule names is not a reason to warn, as
 * rules may be meant for some images only.
 */
export function unusedRules(limits: SizeLimits, images: readonly MeasuredImage[]): UnusedRules {
  if (images.length === 0) return { warnings: [], isAnyLimitOff: false }
  const found = LIMITS.map(([input, key]) => {
    const rules = limits[key]
    const unused = rules.filter((rule) => !images.some((image) => isFor(rule, image)))
    const isOff = rules.length > 0 && unused.length === rules.length
    if (isOff) return { isOff, warnings: [offWarning(input, unused, images)] }
    return { isOff, warnings: [...unused.map(idleWarning(input)), ...shadowed(input, rules, unused)] }
  })
  return {
    warnings: found.flatMap(({ warnings }) => warnings),
    isAnyLimitOff: found.some(({ isOff }) => isOff),
  }
}

const LIMITS = [
  ['max-size', 'maxSize'],
  ['warn-size', 'warnSize'],
  ['max-increase', 'maxIncrease'],
  ['warn-increase', 'warnIncrease'],
] as const satisfies readonly (readonly [input: string, key: keyof SizeLimits])[]

function isFor(rule: ScopedRule, image: MeasuredImage): boolean {
  return image.platforms.some(({ platform }) =>
    image.names.some((name) => ruleFor([rule], name, platform) !== null),
  )
}

/** Of rules the first that names an image counts, so that one behind a wider one never does. */
function shadowed(input: string, rules: readonly ScopedRule[], unused: readonly ScopedRule[]): string[] {
  return rules.flatMap((rule, position) => {
    const wider = rules.slice(0, position).find((earlier) => isWider(earlier, rule))
    if (wider === undefined || unused.includes(rule)) return []
    return [`${input}: the rule "${rule.rule}" never applies. Write it before "${wider.rule}"`]
  })
}

function isWider({ pattern, platform }: ScopedRule, { pattern: other }: ScopedRule): boolean {
  const isForAll = pattern === null || pattern.source === '*' || pattern.source === '**'
  return platform === null && (isForAll || pattern.source === other?.source)
}

function idleWarning(input: string): (unused: ScopedRule) => string {
  return ({ rule }) => `${input}: the rule "${rule}" names no measured image`
}

function offWarning(input: string, rules: readonly ScopedRule[], images: readonly MeasuredImage[]): string {
  const [only] = rules
  const which =
    rules.length === 1 ? `its rule "${only?.rule}" does not name` : `none of its ${rules.length} rules names`
  const all = images.flatMap((image) => image.names.map(({ name }) => name))
  return `${input} limits nothing: ${which} ${someNames(all, MOST_NAMES)}. A pattern must match the whole tag or the whole reference`
}
