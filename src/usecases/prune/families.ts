import type { Digest } from '../../domain/names/digest.ts'
import type { PlanAction, PrunePlan } from '../../domain/prune/decision.ts'
import type { ManifestGraph } from '../../domain/prune/graph.ts'
import type { DeleteManifestAction, FamilyAction } from './work.ts'

/** Families do not depend on each other; the order inside one is what keeps a kept index whole. */
export function familiesOf(actions: readonly PlanAction[]): FamilyAction[][] {
  const familyOf = new Map<Digest, number>()
  for (const action of actions)
    if (action.kind === 'delete-manifest') familyOf.set(action.digest, action.family)
  const members = actions.filter(
    (action) => action.kind === 'delete-tag' || action.kind === 'delete-manifest',
  )
  return [...Map.groupBy(members, ({ digest }) => familyOf.get(digest)).values()]
}

/**
 * Puts the family first that shows whether blobs go along with their manifest, for until that is known what is
 * pushed at the wrong moment may be lost: an image by itself, which no new index lists, and the oldest of them,
 * which nobody tags any more.
 */
export function leastAtRiskFirst(
  families: readonly FamilyAction[][],
  { tags }: Pick<PrunePlan, 'tags'>,
  tells: (action: FamilyAction) => boolean,
): FamilyAction[][] {
  const builtAt = new Map(tags.map(({ digest, age }) => [digest, age?.at ?? Infinity]))
  const ageOf = ([action]: readonly FamilyAction[]) => builtAt.get(action?.digest ?? null) ?? Infinity
  const alone = families.filter(
    (family) => family.some(tells) && new Set(family.map(({ digest }) => digest)).size === 1,
  )
  const [first] = alone.toSorted((a, b) => ageOf(a) - ageOf(b) || 0)
  return first === undefined ? [...families] : [first, ...families.filter((family) => family !== first)]
}

/**
 * A manifest that goes and has several tags, to try on it what removing a tag does: one with a single tag would be
 * out of reach for good if the run ended then. Null where no tag is to be removed from what stays, and where each
 * may take something along that stays.
 */
export function untagTrial(
  actions: readonly PlanAction[],
  isAlone: (digest: Digest) => boolean,
): DeleteManifestAction | null {
  if (!actions.some((action) => action.kind === 'untag' && action.method !== 'swap')) return null
  return (
    actions.find(
      (action): action is DeleteManifestAction =>
        action.kind === 'delete-manifest' && action.tags.length > 1 && isAlone(action.digest),
    ) ?? null
  )
}

/**
 * The rest of a family with one manifest, and all that it lists, behind its referrers: some registries delete
 * no subject that still has any. Its children still come after it.
 */
export function behindReferrers(
  graph: ManifestGraph,
  rest: readonly FamilyAction[],
  action: FamilyAction,
): FamilyAction[] {
  const below = new Set<number>()
  const start = graph.nodes.get(action.digest)
  const queue = start === undefined ? [] : [...(graph.children[start] ?? [])]
  for (const node of queue) {
    if (below.has(node)) continue
    below.add(node)
    queue.push(...(graph.children[node] ?? []))
  }
  const isBelow = ({ digest }: FamilyAction) => below.has(graph.nodes.get(digest) ?? -1)
  return [...rest.filter((each) => !isBelow(each)), action, ...rest.filter(isBelow)]
}
