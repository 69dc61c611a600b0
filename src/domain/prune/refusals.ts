import { counted, someNames } from '../text.ts'
import { hasNothingLeft } from './broken.ts'
import type { Refusal, TagCounts } from './decision.ts'
import type { ManifestGraph } from './graph.ts'
import type { Inventory } from './inventory.ts'
import type { PrunePolicy } from './policy.ts'
import type { TagSelection } from './tag-selection.ts'

export const MAX_NAMED = 3

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
  inventory: Inventory,
  policy: PrunePolicy,
  selection: TagSelection,
  counts: TagCounts,
  untagged: { readonly count: number; readonly hasBroken: boolean },
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
  const hasBroken =
    untagged.hasBroken || [...selection.candidates.values()].some(({ reason }) => reason === 'broken')
  if (hasBroken && hasNothingLeft(inventory)) {
    const message = 'delete-broken: every image of the repository is missing, not only those of broken tags'
    refusals.push({ kind: 'nothing-left', message })
  }
  const writes = going + untagged.count
  if (policy.maxDeletes !== null && writes > policy.maxDeletes) {
    const message = `${writes === 1 ? '1 deletion is' : `${writes} deletions are`} more than max-deletes: ${policy.maxDeletes}`
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

/** An expression written as if it were not anchored would quietly make one group of all. */
function groupsNothing({ considered }: TagSelection, { groupBy }: PrunePolicy): Refusal[] {
  const [first] = considered
  if (groupBy === null || first === undefined) return []
  if (considered.some(({ tag }) => groupBy.capture(tag) !== null)) return []
  const what = counted(considered.length, 'considered tag')
  const message = `keep-group-by: ${groupBy.source} matches none of ${what} as a whole (${first.tag} for one), so all of them would be one group`
  return [{ kind: 'group-by', message }]
}

/** As many names as fit into the line of a warning. */
export function named(names: readonly string[]): string {
  return someNames(names, MAX_NAMED)
}
