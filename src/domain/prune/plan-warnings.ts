import { shortDigest } from '../names/digest.ts'
import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'
import type { Timestamp } from '../quantities/timestamp.ts'
import { counted } from '../text.ts'
import { isAhead, isFarAhead } from './age.ts'
import type { PlanWarning } from './decision.ts'
import type { ManifestGraph } from './graph.ts'
import type { Inventory } from './inventory.ts'
import { isVersion } from './keep.ts'
import type { AgedTag } from './order.ts'
import { EXCLUDED_BY_DEFAULT } from './policy.ts'
import type { PrunePolicy } from './policy.ts'
import { named } from './refusals.ts'
import { ruleText } from './rule.ts'
import type { TagSelection } from './tag-selection.ts'

/** What is not a reason to stop, but to look. */
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
    ...unfilledFiles(policy),
    ...ungrouped(selection, policy),
    ...unversioned(selection, policy),
    ...selection.warnings,
    ...futureDates(inventory, selection, now),
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

/** A file needs a tag of this repository, and nobody knows which. */
function unfilledFiles({ unfilledFiles: files = [] }: PrunePolicy): PlanWarning[] {
  const [first] = files
  if (first === undefined) return []
  const message =
    `protect-files: the tag in ${named(files)} is filled in from elsewhere, and no file has a word that is a tag here, ` +
    'so nothing is protected by it; add the file with the value, or name the tag in exclude-tags'
  return [{ kind: 'not-protected', subject: first, message }]
}

/** `keep-semver` keeps no tag that is not a version; where one pattern names both, that may not be meant. */
function unversioned({ considered, candidates }: TagSelection, policy: PrunePolicy): PlanWarning[] {
  const { keepSemver, groupBy } = policy
  if (keepSemver === null) return []
  const is = (tag: Tag): boolean => isVersion(tag, groupBy?.capture(tag) ?? null)
  const versions = considered.filter(({ tag }) => is(tag))
  const mixed = policy.considered.filter(({ matches }) => versions.some(({ tag }) => matches(tag)))
  const lost = [...candidates.keys()].filter((tag) => !is(tag) && mixed.some(({ matches }) => matches(tag)))
  const [first] = lost
  if (first === undefined) return []
  const message = `keep-semver: ${keepSemver.source} keeps versions only, so these would go: ${named(lost)}; name them in exclude-tags if they should stay`
  return [{ kind: 'no-version', subject: first, message }]
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

function futureDates(inventory: Inventory, { considered }: TagSelection, now: Timestamp): PlanWarning[] {
  const warn = (found: readonly { readonly tag: Tag }[], words: string): PlanWarning[] => {
    const [first] = found
    if (first === undefined) return []
    const message = `${words}: ${named(found.map(({ tag }) => tag))}`
    return [{ kind: 'future-date', subject: first.tag, message }]
  }
  const isUnbelievable = ({ tag, digest, age }: AgedTag): boolean => {
    const entry = inventory.tags.get(tag)
    const manifest = inventory.manifests.get(digest)
    const ages = [
      ...(entry?.state === 'resolved' ? entry.ages : []),
      ...(manifest?.state === 'stored' ? manifest.ages : []),
    ]
    return age === null && ages.some((date) => isFarAhead(date, now))
  }
  return [
    ...warn(
      considered.filter(({ age }) => age !== null && isAhead(age, now)),
      'dated in the future, counted as the newest',
    ),
    ...warn(considered.filter(isUnbelievable), 'dated more than a day ahead, so of unknown age'),
  ]
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
      const tags = tagsOf.get(entry.digest)
      if (tags === undefined) tagsOf.set(entry.digest, [tag])
      else tags.push(tag)
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
