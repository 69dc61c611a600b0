import { isDigest, shortDigest } from '../names/digest.ts'
import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'
import type { Timestamp } from '../quantities/timestamp.ts'
import type { Decision, PlanWarning, PrunePlan, Reason } from './decision.ts'
import type { Inventory } from './inventory.ts'
import { planPrune } from './plan.ts'
import type { PrunePolicy } from './policy.ts'
import { inputRule } from './rule.ts'

/** What a plan file says of one repository; foreign text until it was compared with the registry. */
export interface ReviewedRepository {
  /** `host/path` */
  readonly repository: string
  readonly tags: ReadonlyMap<Tag, { readonly digest: Digest | null; readonly decision: Decision }>
  readonly manifests: ReadonlyMap<Digest, 'keep' | 'delete'>
  /** the index or subject along with which a manifest goes */
  readonly parents?: ReadonlyMap<Digest, Digest>
}

/** A fresh plan cut down to what was reviewed, or why nothing may be done: one line per difference. */
export type Narrowed =
  | { readonly kind: 'plan'; readonly plan: PrunePlan }
  | { readonly kind: 'moved'; readonly differences: readonly string[] }

const REVIEWED = inputRule('apply-plan', null)

/**
 * A plan file decides nothing. It can only narrow what the policy of this run would do by itself: what the
 * file wants to go must go by a fresh plan too, and still when everything else is protected, so that a file
 * with the children of an index but without the index, or one from before a push that needs them, is refused.
 * Tags that are new since stay; tags that went since are as good as done.
 */
export function narrowToReviewed(
  inventory: Inventory,
  policy: PrunePolicy,
  reviewed: ReviewedRepository,
  now: Timestamp,
): Narrowed {
  const drift = driftOf(inventory, reviewed)
  if (drift.length > 0) return { kind: 'moved', differences: drift }
  const fresh = planPrune(inventory, policy, now)
  let plan = planPrune(inventory, onlyReviewed(inventory, policy, reviewed, []), now)
  // untagged manifests that have come of age since are in the plan, but nobody reviewed them
  const unreviewed = unreviewedIn(plan, reviewed)
  if (unreviewed.length > 0) {
    plan = planPrune(inventory, onlyReviewed(inventory, policy, reviewed, unreviewed), now)
  }
  const left = leftBehind(inventory, fresh, reviewed)
  // of what both plans keep, the fresh one knows the reason
  const kept = missingIn(fresh, reviewed, left)
  const differences = new Map([
    ...kept,
    ...missingIn(plan, reviewed, left),
    ...kept,
    ...unreviewedIn(plan, reviewed).map(
      (digest) => [digest, `${digest} would go as well, and was not reviewed`] as const,
    ),
  ])
  if (differences.size > 0) return { kind: 'moved', differences: [...differences.values()] }
  const narrowed = explained(plan, fresh)
  return { kind: 'plan', plan: { ...narrowed, warnings: [...narrowed.warnings, ...left.values()] } }
}

/** Why something may stay whose parent is gone, though the file wants both to go. */
const OWN_REASONS: ReadonlySet<Reason> = new Set(['untagged', 'grace', 'unknown-age', 'orphaned'])

/**
 * What was to go along with an index or a subject that an interrupted run has deleted already, and what the
 * policy of this run keeps in its own right: it stays, and is no reason to refuse the rest. That it belonged to
 * what is gone only the file says, and whoever writes it may say that of anything without a tag.
 */
function leftBehind(
  { manifests, capabilities }: Inventory,
  { tags, manifests: fresh }: PrunePlan,
  reviewed: ReviewedRepository,
): ReadonlyMap<Tag | Digest, PlanWarning> {
  const isGone = (parent: Digest | null | undefined) =>
    parent !== null &&
    parent !== undefined &&
    reviewed.manifests.get(parent) === 'delete' &&
    manifests.get(parent)?.state === 'missing'
  const warn = (name: Tag | Digest, reason: Reason) => leftWarning(name, reason, capabilities.listsUntagged)
  const left = new Map<Tag | Digest, PlanWarning>()
  const named = new Map<Digest, boolean>()
  for (const { tag, digest, subject, decision, reason } of tags) {
    const stays = decision === 'keep' && OWN_REASONS.has(reason) && isGone(subject)
    if (stays) left.set(tag, warn(tag, reason))
    if (digest !== null) named.set(digest, stays && named.get(digest) !== false)
  }
  for (const { digest, decision, reason } of fresh) {
    if (decision !== 'keep' || !OWN_REASONS.has(reason)) continue
    const isNamedSo = named.get(digest)
    if (isNamedSo === true) left.set(digest, warn(digest, reason))
    else if (isNamedSo === undefined && isGone(reviewed.parents?.get(digest)))
      left.set(digest, warn(digest, reason))
  }
  return new Map([...left].filter(([name]) => !isDigest(name) || reviewed.manifests.get(name) === 'delete'))
}

function leftWarning(name: Tag | Digest, reason: Reason, listsUntagged: boolean): PlanWarning {
  const message = `${name} stays: what it belonged to went in an earlier run; ${wayOut(reason, listsUntagged)}`
  return { kind: 'left-behind', subject: name, message }
}

function wayOut(reason: Reason, listsUntagged: boolean): string {
  if (reason === 'orphaned') return 'delete-orphaned: true lets it go'
  if (reason === 'grace') return 'it is younger than untagged-grace'
  if (reason === 'unknown-age') return 'when it was pushed is not known'
  return listsUntagged
    ? 'delete-untagged: true lets it go'
    : "the registry does not list untagged manifests, so only the registry's own garbage collection finds it"
}

/** Tags that do not point to where they did when the plan was made. */
function driftOf({ tags }: Inventory, reviewed: ReviewedRepository): string[] {
  const differences: string[] = []
  for (const [tag, { digest, decision }] of reviewed.tags) {
    const entry = tags.get(tag)
    const current = entry?.state === 'resolved' ? entry.digest : null
    if (current === digest || (entry === undefined && leaves(decision))) continue
    const [before, after] = [digest, current].map((name) => (name === null ? 'nothing' : shortDigest(name)))
    differences.push(`${tag} pointed to ${before}, now to ${after}`)
  }
  return differences
}

/**
 * The tags that the file wants to go and nothing else; the rules that chose them have spoken in the fresh
 * plan.
 */
function onlyReviewed(
  inventory: Inventory,
  policy: PrunePolicy,
  reviewed: ReviewedRepository,
  staying: readonly Digest[],
): PrunePolicy {
  const going = new Set<Tag>()
  for (const [tag, { decision }] of reviewed.tags) if (leaves(decision)) going.add(tag)
  const names: ReadonlySet<string> = going
  const others = [...inventory.tags.keys()].filter((tag) => !going.has(tag))
  return {
    ...policy,
    considered: [{ source: 'apply-plan', kind: 'exact', matches: (tag) => names.has(tag) }],
    excluded: [],
    excludedByDefault: true,
    keepLatest: null,
    groupBy: null,
    keepSemver: null,
    olderThan: null,
    unknownAge: 'keep',
    protectedTags: new Map([...others.map((tag) => [tag, REVIEWED] as const), ...policy.protectedTags]),
    protectedDigests: new Map([
      ...staying.map((digest) => [digest, REVIEWED] as const),
      ...policy.protectedDigests,
    ]),
  }
}

function leaves(decision: Decision | undefined): boolean {
  return decision === 'delete' || decision === 'untag'
}

/** What the file wants to go, is there, and would not go by this plan. */
function missingIn(
  plan: PrunePlan,
  reviewed: ReviewedRepository,
  left: ReadonlyMap<Tag | Digest, unknown>,
): ReadonlyMap<Tag | Digest, string> {
  const differences = new Map<Tag | Digest, string>()
  for (const { tag, decision, reason } of plan.tags) {
    const wanted = reviewed.tags.get(tag)?.decision
    if (!leaves(wanted) || decision === wanted || left.has(tag)) continue
    differences.set(tag, `${tag} was to ${wanted}, now the decision is ${decision} (${reason})`)
  }
  for (const { digest, decision, reason } of plan.manifests) {
    if (reviewed.manifests.get(digest) !== 'delete' || decision === 'delete' || left.has(digest)) continue
    differences.set(digest, `${digest} was to be deleted, now the decision is ${decision} (${reason})`)
  }
  return differences
}

/** What would go by this plan without being in the file. */
function unreviewedIn(plan: PrunePlan, reviewed: ReviewedRepository): Digest[] {
  return plan.manifests.flatMap(({ digest, decision }) =>
    decision === 'delete' && reviewed.manifests.get(digest) !== 'delete' ? [digest] : [],
  )
}

/** Where both plans agree, the fresh one knows the rule that decided. */
function explained(plan: PrunePlan, fresh: PrunePlan): PrunePlan {
  // what speaks against the rules that chose, which the narrowed plan no longer has
  const refused = fresh.refusals.filter(({ kind }) => kind === 'unknown-age' || kind === 'group-by')
  const tags = new Map(fresh.tags.map((decision) => [decision.tag, decision]))
  const manifests = new Map(fresh.manifests.map((decision) => [decision.digest, decision]))
  return {
    ...plan,
    tags: plan.tags.map((entry) => {
      const told = tags.get(entry.tag)
      return told?.decision === entry.decision ? { ...entry, ...told } : entry
    }),
    manifests: plan.manifests.map((entry) => {
      const told = manifests.get(entry.digest)
      return told?.decision === entry.decision ? { ...entry, ...told } : entry
    }),
    warnings: fresh.warnings,
    refusals: [...plan.refusals, ...refused],
    actions: refused.length > 0 ? [] : plan.actions,
  }
}
