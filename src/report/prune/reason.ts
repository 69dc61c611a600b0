import { shortDigest } from '../../domain/names/digest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Cause, Decider, Reason } from '../../domain/prune/decision.ts'
import type { ManifestOutcome } from '../../domain/prune/outcome.ts'
import { ruleText } from '../../domain/prune/rule.ts'
import type { Rule } from '../../domain/prune/rule.ts'
import { formatDuration } from '../../domain/quantities/duration.ts'
import { sanitiseLine } from '../../domain/text.ts'
import { EMPTY, code, escapeText, foreignProse, own, prose, unbroken } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { plural, shortCommits } from '../markdown/words.ts'

/** Longer than any tag and most rules. */
const DECIDER_LENGTH = 160
const FACT_LENGTH = 300

/** What is said before the tag, digest or rule that decided. */
const LEADS: Readonly<Record<Reason, string>> = {
  'not-considered': '',
  excluded: 'by',
  'keep-latest': 'one of the newest,',
  'keep-semver': 'a newest release,',
  'too-new': 'too new,',
  'unknown-age': 'age unknown,',
  'shared-digest': 'digest shared with',
  'child-of': 'part of',
  'referrer-of': 'belongs to',
  protected: 'protected by',
  grace: 'too young,',
  'min-keep': 'by',
  undeletable: 'cannot go,',
  expired: 'by',
  untagged: 'no tag names it,',
  orphaned: 'without its subject,',
  broken: 'parts of it are gone,',
}

/** What a reason counts, in a sum such as "8 too new"; where one and many differ, both. */
const LABELS: Readonly<Record<Reason, string | readonly [one: string, many: string]>> = {
  'not-considered': 'not considered',
  excluded: 'excluded',
  'keep-latest': 'among the newest',
  'keep-semver': ['newest release', 'newest releases'],
  'too-new': 'too new',
  'unknown-age': 'of unknown age',
  'shared-digest': 'sharing a digest',
  'child-of': 'in an index',
  'referrer-of': ['referrer', 'referrers'],
  protected: 'protected',
  grace: 'too young',
  'min-keep': 'for min-keep',
  undeletable: 'undeletable',
  expired: 'expired',
  untagged: 'untagged',
  orphaned: ['without its subject', 'without their subject'],
  broken: 'broken',
}

function labelOf(reason: Reason, count: number): string {
  const label = LABELS[reason]
  if (typeof label === 'string') return label
  return count === 1 ? label[0] : label[1]
}

interface ReasonWords {
  readonly lead: string
  /** foreign text */
  readonly decider: string
  /** something that a user or a registry wrote, as opposed to words */
  readonly isName: boolean
  /** " older than 30 days" */
  readonly tail?: string
}

function reasonWords({ reason, decidedBy }: Cause): ReasonWords {
  const lead = LEADS[reason]
  if ('rule' in decidedBy) return ruleWords(lead, decidedBy.rule)
  // a tag or digest stands for everything that it leads to
  const held = EDGES.has(reason) ? lead : `${labelOf(reason, 1)}, with`
  return { lead: held, decider: deciderName(decidedBy), isName: true }
}

function ruleWords(lead: string, rule: Rule): ReasonWords {
  if (rule.kind === 'fact') return { lead, decider: rule.fact, isName: false }
  if (rule.kind === 'ref') return { lead, decider: rule.ref, isName: true }
  if (rule.kind === 'input') return { lead, decider: ruleText(rule), isName: true }
  const { pattern: decider, olderThan } = rule
  return olderThan === null
    ? { lead: 'matches', decider, isName: true }
    : { lead: '', decider, isName: true, tail: ` older than ${formatDuration(olderThan)}` }
}

const EDGES: ReadonlySet<Reason> = new Set([
  'shared-digest',
  'child-of',
  'referrer-of',
  'protected',
  'orphaned',
])

function deciderName(decider: Exclude<Decider, { readonly rule: Rule }>): string {
  return 'tag' in decider ? decider.tag : shortDigest(decider.digest)
}

/** A digest as short as git shows commits, and seen to be cut. */
export function cutDigest(digest: Digest): string {
  return `${shortDigest(digest)}…`
}

/** Why, for a table: our words, then the tag, digest or rule that decided. */
export function reasonMarkdown(cause: Cause): Markdown {
  const { lead, decider, isName, tail = '' } = reasonWords(cause)
  const text = 'digest' in cause.decidedBy ? `${decider}…` : shortCommits(decider)
  const what = isName ? code(text, DECIDER_LENGTH) : escapeText(text, FACT_LENGTH)
  // kept together: on a narrow screen a cell of one word per line is read by nobody
  const end = tail === '' ? EMPTY : prose` ${unbroken(own(tail.trim()))}`
  return prose`${own(lead === '' ? '' : `${lead} `)}${what}${end}`
}

/** Why, as plain text of one line. Holds foreign text. */
export function reasonText(cause: Cause): string {
  const { lead, decider, tail = '' } = reasonWords(cause)
  return `${lead} ${sanitiseLine(decider, FACT_LENGTH)}${tail}`.trim()
}

/** What went otherwise than planned, where the reason does not say so already. */
export function noteOf({ note, decidedBy }: Cause & { readonly note: string | null }): string | null {
  return note === null ||
    ('rule' in decidedBy && decidedBy.rule.kind === 'fact' && decidedBy.rule.fact === note)
    ? null
    : note
}

/** It may quote the registry; empty where there is none, or the reason says the same. */
export function noteMarkdown(item: Cause & { readonly note: string | null }): Markdown {
  const note = noteOf(item)
  return note === null ? EMPTY : foreignProse(shortCommits(note), FACT_LENGTH)
}

/** How many for which reason, the most first: "10 among the newest, 8 too new". */
export function reasonCounts(items: readonly Pick<Cause, 'reason'>[]): string {
  const groups = [...Map.groupBy(items, ({ reason }) => reason)]
  return groups
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([reason, { length }]) => `${length} ${labelOf(reason, length)}`)
    .join(', ')
}

type PartOfImage = Pick<ManifestOutcome, 'reason' | 'kind' | 'isAttestation'>

/**
 * The same of manifests without a tag, as what they are: "10 platform images, 1 signature or attestation".
 */
export function partCounts(items: readonly PartOfImage[]): string {
  const groups = [...Map.groupBy(items, partOf)]
  return groups
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([part, { length }]) => {
      if (part === 'platform') return plural(length, 'platform image')
      if (part === 'index') return length === 1 ? '1 index' : `${length} indexes`
      if (part !== 'companion') return `${length} ${labelOf(part, length)}`
      return length === 1 ? '1 signature or attestation' : `${length} signatures or attestations`
    })
    .join(', ')
}

/** What a manifest is for the image that it belongs to; its reason where it belongs to none. */
function partOf({
  reason,
  kind,
  isAttestation = false,
}: PartOfImage): 'platform' | 'index' | 'companion' | Reason {
  if (reason === 'referrer-of') return 'companion'
  if (reason !== 'child-of') return reason
  if (isAttestation) return 'companion'
  return kind === 'index' ? 'index' : 'platform'
}
