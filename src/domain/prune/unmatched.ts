import type { Tag } from '../names/tag.ts'
import type { Pattern } from '../patterns/pattern.ts'
import { counted, someNames } from '../text.ts'
import type { PlanWarning } from './decision.ts'
import { EXCLUDED_BY_DEFAULT } from './policy.ts'
import type { PrunePolicy } from './policy.ts'

/**
 * Each pattern of `tags` that no tag of any repository fits: left unsaid, a wrong one would do nothing for
 * ever. It is a warning where the pattern looks mistaken, else a notice: `pr-*` may just have done its work.
 * `repositories`: the image tags of each; one without any says nothing about patterns.
 */
export function unmatchedPatterns(
  { considered }: Pick<PrunePolicy, 'considered'>,
  repositories: readonly (readonly Tag[])[],
): PlanWarning[] {
  const tags = repositories.flat()
  if (tags.length === 0) return []
  return considered.filter(({ matches }) => !tags.some(matches)).map((pattern) => unmatched(pattern, tags))
}

/**
 * That `exclude-tags` takes all that `tags` names: a policy of which nothing is left does nothing, in green.
 * Null: it does not, or `tags` names nothing, of which `unmatchedPatterns` tells.
 */
export function allExcluded(
  {
    considered,
    excluded,
    excludedByDefault,
  }: Pick<PrunePolicy, 'considered' | 'excluded' | 'excludedByDefault'>,
  repositories: readonly (readonly Tag[])[],
): PlanWarning | null {
  const named = repositories.flat().filter((tag) => considered.some(({ matches }) => matches(tag)))
  if (named.length === 0 || !named.every((tag) => excluded.some(({ matches }) => matches(tag)))) return null
  const names = someNames([...new Set(named)], MOST_TOLD)
  const why = excludedByDefault ? `, which is ${EXCLUDED_BY_DEFAULT} unless it is set` : ''
  const message = `tags: all that it matches is excluded by exclude-tags${why}: ${names}`
  return { kind: 'all-excluded', subject: 'exclude-tags', message, level: 'notice' }
}

const MOST_TOLD = 3

function unmatched(pattern: Pattern, tags: readonly Tag[]): PlanWarning {
  const { source } = pattern
  const isMistaken = looksMistaken(pattern)
  const advice = isMistaken ? hint(pattern) : pattern.kind === 'regex' ? WHOLE : null
  const message = `tags: ${source} ${ofWhat(tags)}${advice === null ? '' : `; ${advice}`}`
  const warning: PlanWarning = { kind: 'pattern-without-match', subject: source, message }
  return isMistaken ? warning : { ...warning, level: 'notice' }
}

const WHOLE = 'an expression is matched over the whole tag'

/** What tags there are says more than how patterns are written. */
function ofWhat(tags: readonly Tag[]): string {
  const names = [...new Set(tags)].slice(0, MOST_TOLD).join(', ')
  if (tags.length === 1) return `does not match the only tag, ${names}`
  const lead = `matches none of ${counted(tags.length, 'tag')}`
  return tags.length > MOST_TOLD ? `${lead}, among them ${names}` : `${lead}: ${names}`
}

/**
 * A name that is not there, an expression without its slashes, or one that takes trouble to say what holds
 * anyway.
 */
function looksMistaken({ kind, source }: Pattern): boolean {
  if (kind === 'exact') return true
  return kind === 'glob' ? /^!|[\^$]|\.\*|\\[dws]/.test(source) : /[\^$]/.test(source)
}

/** Both forms, made of what the pattern begins with. */
function hint({ source }: Pattern): string {
  if (source.startsWith('!')) return 'what is to stay is named in exclude-tags, without !'
  if (source === 'all') return '* is every tag'
  const [, start = ''] = /^[/^]{0,2}([A-Za-z0-9_-]{1,40})/.exec(source) ?? []
  const [glob, expression] = start === '' ? ['pr-*', '/pr-\\d+/'] : [`${start}*`, `/${start}.*/`]
  return `a glob is ${glob}, a regular expression ${expression}, both over the whole tag`
}
