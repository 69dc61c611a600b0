import { formatDuration } from '../quantities/duration.ts'
import type { Duration } from '../quantities/duration.ts'

/**
 * What decided, where no tag and no digest did.
 * - `input`: an input and the part of its value that applied, as the user wrote it; null: its value says no
 *   more. `group` is what `keep-group-by` captured.
 * - `expired`: a pattern of `tags`, and the age beyond which what it matches goes.
 * - `ref`: something alive on GitHub, and the template of `protect-refs` that makes its tag; it quotes
 *   GitHub.
 * - `fact`: something about the registry or the run, in words; it may quote the registry.
 */
export type Rule =
  | {
      readonly kind: 'input'
      readonly input: string
      readonly value: string | null
      readonly group?: string
    }
  | { readonly kind: 'expired'; readonly pattern: string; readonly olderThan: Duration | null }
  | { readonly kind: 'ref'; readonly template: string; readonly ref: string }
  | { readonly kind: 'fact'; readonly fact: string }

/** An empty `group`, of a pattern whose group matched nothing, is none. */
export function inputRule(input: string, value: string | number | null, group?: string | null): Rule {
  const base = { kind: 'input', input, value: value === null ? null : String(value) } as const
  return group === undefined || group === null || group === '' ? base : { ...base, group }
}

/** `words` may quote the registry. */
export function fact(words: string): Rule {
  return { kind: 'fact', fact: words }
}

/** One line for JSON and messages: `older-than: 30 days`, `tags: pr-*, older-than: 30 days`. */
export function ruleText(rule: Rule): string {
  if (rule.kind === 'fact') return rule.fact
  if (rule.kind === 'ref') return `protect-refs: ${rule.template}, ${rule.ref}`
  if (rule.kind === 'expired') {
    const age = rule.olderThan === null ? '' : `, older-than: ${formatDuration(rule.olderThan)}`
    return `tags: ${rule.pattern}${age}`
  }
  const { input, value, group } = rule
  const within = group === undefined ? '' : ` in group ${group}`
  return value === null ? input : `${input}: ${value}${within}`
}
