import type { Tag } from '../names/tag.ts'
import type { Pattern } from '../patterns/pattern.ts'
import { counted } from '../text.ts'
import type { PlanWarning } from './decision.ts'
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
  return considered
    .filter(({ matches }) => !tags.some(matches))
    .map((pattern) => unmatched(pattern, counted(tags.length, 'tag')))
}

function unmatched(pattern: Pattern, tags: string): PlanWarning {
  const { source } = pattern
  const message = `tags: ${source} matches none of ${tags}; ${hint(pattern)}`
  const warning: PlanWarning = { kind: 'pattern-without-match', subject: source, message }
  return looksMistaken(pattern) ? warning : { ...warning, level: 'notice' }
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
