import type { PlanWarning, Refusal, TagCounts } from './decision.ts'
import type { ManifestGraph } from './graph.ts'
import type { Inventory } from './inventory.ts'
import { EXCLUDED_BY_DEFAULT } from './policy.ts'
import type { PrunePolicy } from './policy.ts'
import { ruleText } from './rule.ts'
import { counted } from '../text.ts'
import { isFuture } from './age.ts'
import type { TagSelection } from './tag-selection.ts'
import type { Timestamp } from '../quantities/timestamp.ts'
import type { Tag } from '../names/tag.ts'
import { shortDigest } from '../names/digest.ts'
import type { Digest } from '../names/digest.ts'

const MAX_NAMED = 3

/**
 * What forbids any delete in this repository: a tag that was not seen or read may name every digest, a
 * manifest that was not read may need every other one.
 */
export function findBlockers(inventory: Inventory, graph: ManifestGraph): Refusal[] {
  const refusals: Refusal[] = []
  if (!inventory.complete) {
    refusals.push({
      kind: 'incomplete-list',
      message: 'the list of tags is incomplete, so nothing is deleted',
    })
  }
  const unreadable: string[] = [...unreadableOf(inventory.tags), ...unreadableOf(inventory.manifests)]
  for (const tag of inventory.tags.keys()) {
    const entry = inventory.tags.get(tag)
    if (entry?.state !== 'resolved') continue
    if (!inventory.manifests.has(entry.digest)) unreadable.push(`${tag} (its manifest was not read)`)
  }
  for (const digest of graph.unread) unreadable.push(`${digest} (named by an index, not read)`)
  if (unreadable.length > 0) {
    const message = `${named(unreadable)} could not be read and may need anything, so nothing is deleted`
    refusals.push({ kind: 'unreadable', message })
  }
  return refusals
}

function unreadableOf(entries: Inventory['tags'] | Inventory['manifests']): string[] {
  const found: string[] = []
  for (const [name, entry] of entries)
    if (entry.state === 'unreadable') found.push(`${name} (${entry.cause})`)
  return found
}

/**
 * Known before the first request that writes: the registry deletes nothing (405, read-only, pull-through
 * cache).
 */
export const DELETES_DISABLED: Refusal = {
  kind: 'deletes-disabled',
  message: 'the registry does not allow deletes, so none is tried',
}

/** Circuit breakers over a plan that could be carried out. */
export function checkBreakers(
  policy: PrunePolicy,
  selection: TagSelection,
  counts: TagCounts,
  untagged: number,
): Refusal[] {
  const refusals: Refusal[] = []
  const going = counts.delete + counts.untag
  const total = going + counts.keep + counts.skip
  if (policy.unknownAge === 'fail') {
    const unknown = [...selection.kept]
      .filter(([, { reason }]) => reason === 'unknown-age')
      .map(([tag]) => tag)
    const message = `unknown-age: fail, and no date is known of ${named(unknown)}`
    if (unknown.length > 0) refusals.push({ kind: 'unknown-age', message })
  }
  refusals.push(...groupsNothing(selection, policy))
  if (policy.maxDeletes !== null && going + untagged > policy.maxDeletes) {
    const message = `${going + untagged === 1 ? '1 deletion is' : `${going + untagged} deletions are`} more than max-deletes: ${policy.maxDeletes}`
    refusals.push({ kind: 'max-deletes', message })
  }
  if (going * 100 > policy.maxDeletePercent * total) {
    const percent = Math.floor((going * 1000) / total) / 10
    const limit = `max-delete-percent: ${policy.maxDeletePercent}`
    const message = `${going} of ${counted(total, 'tag')} would go: ${percent}% is more than ${limit}`
    refusals.push({ kind: 'max-delete-percent', message })
  }
  return refusals
}

/** What is no reason to stop, but to look. */
export function findWarnings(
  inventory: Inventory,
  graph: ManifestGraph,
  policy: PrunePolicy,
  selection: TagSelection,
  now: Timestamp,
): PlanWarning[] {
  return [
    ...unmatchedProtection(inventory, policy),
    ...replacedDefault(selection, policy),
    ...unlistedManifests(inventory, policy),
    ...whatIsNotTold(inventory, policy),
    ...ungrouped(selection, policy),
    ...selection.warnings,
    ...futureDates(selection, now),
    ...brokenTags(inventory, graph),
  ]
}

function unmatchedProtection(inventory: Inventory, policy: PrunePolicy): PlanWarning[] {
  const warnings: PlanWarning[] = []
  const warn = (subject: string, message: string) => {
    warnings.push({ kind: 'pattern-without-match', subject, message })
  }
  const tags = [...inventory.tags.keys()]
  for (const pattern of policy.excludedByDefault ? [] : policy.excluded) {
    if (!tags.some(pattern.matches)) warn(pattern.source, `exclude-tags: ${pattern.source} matches no tag`)
  }
  for (const [tag, origin] of policy.protectedTags) {
    if (!inventory.tags.has(tag))
      warn(tag, `${ruleText(origin)} protects the tag ${tag}, which does not exist`)
  }
  for (const [digest, origin] of policy.protectedDigests) {
    const isHere = inventory.manifests.get(digest)?.state === 'stored'
    if (!isHere) warn(digest, `${ruleText(origin)} protects ${digest}, which is not in the repository`)
  }
  return warnings
}

/** An expression written as if it were not anchored would quietly make one group of all. */
function groupsNothing({ considered }: TagSelection, { groupBy }: PrunePolicy): Refusal[] {
  const [first] = considered
  if (groupBy === null || first === undefined) return []
  if (considered.some(({ tag }) => groupBy.capture(tag) !== null)) return []
  const what = counted(considered.length, 'considered tag')
  const message = `keep-group-by: ${groupBy.source} matches none of ${what} as a whole (${first.tag} for one), so all of them would be one group`
  return [{ kind: 'group-by', message }]
}

/** What an expression does not match shares one group, which is worth saying as soon as it loses a tag. */
function ungrouped({ considered, candidates }: TagSelection, { groupBy }: PrunePolicy): PlanWarning[] {
  if (groupBy === null) return []
  const rest = considered.map(({ tag }) => tag).filter((tag) => groupBy.capture(tag) === null)
  const lost = rest.filter((tag) => candidates.has(tag))
  if (lost.length === 0 || rest.length === considered.length) return []
  const message =
    `keep-group-by: ${groupBy.source} does not match ${rest.length} of ${counted(considered.length, 'considered tag')} as a whole, ` +
    `which share one group and lose ${lost.length}: ${named(lost)}`
  return [{ kind: 'pattern-without-match', subject: groupBy.source, message }]
}

/**
 * `exclude-tags` takes the place of its default; who adds a tag to it may not know. Not said to who names
 * `latest` in `tags`.
 */
function replacedDefault({ candidates }: TagSelection, policy: PrunePolicy): PlanWarning[] {
  const isMeant = policy.considered.some(({ source }) => source === EXCLUDED_BY_DEFAULT)
  const isAtRisk = [...candidates.keys()].some((tag) => tag === EXCLUDED_BY_DEFAULT)
  if (policy.excludedByDefault || isMeant || !isAtRisk) return []
  const message = `exclude-tags replaces its default: ${EXCLUDED_BY_DEFAULT} is no longer excluded and would go; add it to exclude-tags`
  return [{ kind: 'default-replaced', subject: EXCLUDED_BY_DEFAULT, message }]
}

function unlistedManifests({ capabilities }: Inventory, { deleteUntagged }: PrunePolicy): PlanWarning[] {
  if (!deleteUntagged || capabilities.listsUntagged) return []
  const message =
    'delete-untagged: the registry does not list manifests without a tag, so only those that others lead to can be found'
  return [{ kind: 'not-listed', subject: 'delete-untagged', message, level: 'notice' }]
}

/** Why dates are unknown that the registry tells otherwise; it matters to who judges by age. */
function whatIsNotTold({ complete, doubts = [] }: Inventory, policy: PrunePolicy): PlanWarning[] {
  const judgesByAge =
    policy.ageSource !== 'created' && (policy.olderThan !== null || Boolean(policy.keepLatest))
  if (complete && !judgesByAge) return []
  return doubts.map((message) => ({ kind: 'not-told', subject: message, message }))
}

function futureDates({ considered }: TagSelection, now: Timestamp): PlanWarning[] {
  const ahead = considered.filter(({ age }) => age !== null && isFuture(age, now)).map(({ tag }) => tag)
  const [first] = ahead
  if (first === undefined) return []
  const message = `dated in the future, counted as the newest: ${named(ahead)}`
  return [{ kind: 'future-date', subject: first, message }]
}

/** A child that is not here may live in another repository, so nothing is deleted on its account. */
function brokenTags(inventory: Inventory, graph: ManifestGraph): PlanWarning[] {
  const warnings: PlanWarning[] = []
  const tagsOf = new Map<Digest, Tag[]>()
  for (const [tag, entry] of inventory.tags) {
    if (entry.state === 'missing') {
      const message = `${tag} is listed, but the registry does not find it`
      warnings.push({ kind: 'broken', subject: tag, message })
    } else if (entry.state === 'resolved') {
      tagsOf.set(entry.digest, [...(tagsOf.get(entry.digest) ?? []), tag].slice(0, MAX_NAMED + 1))
    }
  }
  graph.stored.forEach((manifest, node) => {
    const digest = graph.digests[node]
    if (manifest?.kind !== 'index' || digest === undefined) return
    const total = manifest.children.length
    const missing = manifest.children.filter((child) => inventory.manifests.get(child)?.state === 'missing')
    if (missing.length === 0) return
    const tags = tagsOf.get(digest)
    const name = tags === undefined ? `the untagged index ${shortDigest(digest)}` : named(tags)
    const are = total === 1 ? 'is' : 'are'
    const message = `${name}: ${missing.length} of ${counted(total, 'manifest')} ${are} not in the repository`
    warnings.push({ kind: 'broken', subject: digest, message })
  })
  return warnings
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).join(', ')
  return names.length <= MAX_NAMED ? shown : `${shown} and ${names.length - MAX_NAMED} more`
}
