import type { Digest } from '../names/digest.ts'
import type { Inventory, StoredManifest } from './inventory.ts'
import type { PrunePolicy } from './policy.ts'

/** `ghost`: nothing of what an index lists is there. `partial`: some of it is not. */
export type Breakage = 'ghost' | 'partial'

/**
 * What is missing of an index, at any depth; null: nothing, or it is not an index. Only a 404 counts: what
 * could not be read is not missing.
 */
export function breakageOf(inventory: Pick<Inventory, 'manifests'>, digest: Digest): Breakage | null {
  const top = inventory.manifests.get(digest)
  if (top?.state !== 'stored' || top.kind !== 'index' || top.children.length === 0) return null
  const leaves = { missing: 0, present: 0 }
  const seen = new Set<Digest>(top.children)
  for (const child of seen) {
    const entry = inventory.manifests.get(child)
    if (isNested(entry)) for (const nested of entry.children) seen.add(nested)
    else leaves[entry?.state === 'missing' ? 'missing' : 'present'] += 1
  }
  if (leaves.missing === 0) return null
  return leaves.present === 0 ? 'ghost' : 'partial'
}

function isNested(entry: ReturnType<Inventory['manifests']['get']>): entry is StoredManifest {
  return entry?.state === 'stored' && entry.kind === 'index' && entry.children.length > 0
}

/** Whether the policy lets something go because it is broken, whatever its age and rank. */
export function goesAsBroken(breakage: Breakage | null, { deleteBroken }: PrunePolicy): boolean {
  if (breakage === null || deleteBroken === undefined || deleteBroken === false) return false
  return deleteBroken === 'partial' || breakage === 'ghost'
}

/** Whether no image is left: then the registry has lost its storage, or shows it to somebody else. */
export function hasNothingLeft({ manifests }: Pick<Inventory, 'manifests'>): boolean {
  const stored = [...manifests.values()].filter((entry) => entry.state === 'stored')
  return stored.every(({ kind, children }) => kind === 'index' && children.length > 0)
}
