import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { PrunePlan } from '../../domain/prune/decision.ts'
import { buildGraph, reach } from '../../domain/prune/graph.ts'
import type { PruneTarget } from '../../domain/prune/ports.ts'
import type { PruneDeps } from './deps.ts'
import type { Ledger } from './ledger.ts'
import { manifestOutcomes, tagOutcomes } from './outcomes.ts'
import type { PlannedRepository } from './plan-repository.ts'
import { returnEach } from './put-back.ts'
import type { Loss, Returned } from './put-back.ts'
import type { RepositoryReading } from './read-inventory.ts'
import type { Sightings } from './repository-watch.ts'
import { validate } from './validate.ts'
import type { Validation } from './validate.ts'
import { someNames } from '../../domain/text.ts'

export interface Proof {
  /** null: not known */
  readonly broken: readonly string[] | null
  /** names that time did not suffice for */
  readonly unchecked: readonly string[]
  /** all was looked at, and what was lost was put back */
  readonly isSure: boolean
}

/** Looks at all that stayed and all that went, and puts back what this run took away from what stayed. */
export async function prove(
  { request: { target }, reading, plan }: PlannedRepository,
  ledger: Ledger,
  sightings: Sightings | null,
  deps: PruneDeps,
): Promise<Proof> {
  const state = { tags: tagOutcomes(plan, ledger), manifests: manifestOutcomes(plan, ledger) }
  const touched = touchedBy(plan, reading, ledger)
  const only = deps.isCancelled?.() === true ? touched : null
  const moved = sightings?.moved ?? new Map<Tag, Digest>()
  const result = await validate({ target, reading, state, only, moved }, deps)
  reviseUndone(result, ledger, target.name)
  const isOurs = ({ digest }: Loss) => touched.has(digest)
  const returned = await returnEach(target, reading, result.lost.filter(isOurs), deps)
  const lines = returned.map(({ line }) => line)
  const others = result.lost.filter((loss) => !isOurs(loss))
  const vanished = await returnUnseen({ target, reading, plan, ledger, sightings, deps }, others)
  const gone = others.flatMap((loss) =>
    loss.tag !== null && vanished.has(loss.tag) ? [] : [`${loss.name} does not resolve any more`],
  )
  const isSure =
    result.unknown.length + result.unchecked.length + gone.length === 0 &&
    [...returned, ...vanished.values()].every(({ isThere }) => isThere)
  const told = [...vanished.values()].map(({ line }) => line)
  return { broken: [...gone, ...told, ...lines, ...result.unknown], unchecked: result.unchecked, isSure }
}

interface Unseen {
  readonly target: PruneTarget
  readonly reading: RepositoryReading
  readonly plan: PrunePlan
  readonly ledger: Ledger
  readonly sightings: Sightings | null
  readonly deps: PruneDeps
}

/**
 * A tag that is gone although nothing that it was seen to name went was moved, unseen, to something that did: a
 * registry deletes a manifest with all its tags, and says nothing of them. Everything that was deleted since it
 * was last there comes back under its own tags; which of it the tag named only its owner knows.
 */
async function returnUnseen(unseen: Unseen, lost: readonly Loss[]): Promise<ReadonlyMap<Tag, Returned>> {
  const { target, reading, plan, ledger, sightings, deps } = unseen
  const told = new Map<Tag, Returned>()
  if (sightings === null) return told
  const suspects = new Map<Tag, number>()
  for (const { tag, digest } of lost) {
    // where its manifest is gone as well, somebody deleted that
    if (tag !== null && (await isThere(target, digest)))
      suspects.set(tag, sightings.vanished.get(tag) ?? sightings.seenAt())
  }
  const known = new Set(plan.tags.map(({ tag }) => tag))
  for (const [tag, seenAt] of sightings.vanished) {
    if (!known.has(tag) && !sightings.moved.has(tag) && !(await isThere(target, tag)))
      suspects.set(tag, seenAt)
  }
  for (const [tag, seenAt] of suspects) {
    const went = [...ledger.manifests]
      .slice(seenAt)
      .flatMap(([digest, { status }]) => (status === 'done' || status === 'gone' ? [digest] : []))
    if (went.length === 0 || went.length > MAX_NAMED) continue
    const losses = went.flatMap((digest): Loss[] => {
      const tags = plan.tags.filter((each) => each.digest === digest && each.decision === 'delete')
      const named = tags.map((each): Loss => ({ name: each.tag, digest, tag: each.tag }))
      return named.length > 0 ? named : [{ name: digest, digest, tag: null }]
    })
    const returned = await returnEach(target, reading, losses, deps)
    const isBack = returned.every((each) => each.isThere)
    const note = `it was put back: ${tag}, which vanished, may have named it`
    if (isBack) for (const digest of went) ledger.reviseManifest(digest, { status: 'retained', note })
    const names = named(losses.map(({ name }) => name))
    const end = isBack
      ? 'put back; push the tag again'
      : `not all put back: ${returned.map(({ line }) => line).join('; ')}`
    told.set(tag, {
      line: `${tag} does not resolve any more, and may have been moved to what was deleted meanwhile (${names}), which was ${end}`,
      isThere: isBack,
    })
  }
  return told
}

/** What cannot be asked for may be there. */
async function isThere({ reader }: PruneTarget, name: Tag | Digest): Promise<boolean> {
  try {
    return (await reader.head(name)) !== null
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    return true
  }
}

/** A registry that says that it deleted something, and still has it, has deleted nothing. */
function reviseUndone({ stillThere }: Validation, ledger: Ledger, name: string): void {
  const { tags, manifests } = stillThere
  if (tags.length + manifests.length === 0) return
  const note = 'the registry said that it deleted it, and still has it'
  for (const tag of tags) ledger.reviseTag(tag, { status: 'failed', note })
  for (const digest of manifests) ledger.reviseManifest(digest, { status: 'failed', note })
  ledger.stop({
    kind: 'failed',
    scope: 'registry',
    message: `${name}: the registry said that it deleted ${named([...tags, ...manifests])}, and still has it`,
  })
}

/** Names that a line holds. */
const MAX_NAMED = 20

/** As many names as somebody reads who has to look at each of them. */
export function named(names: readonly string[]): string {
  return someNames(names, MAX_NAMED)
}

/**
 * What deletions of this run may have taken away: what they deleted or untagged, and all that it leads to.
 */
function touchedBy(
  plan: PrunePlan,
  { inventory }: RepositoryReading,
  { tags, manifests, doubted }: Ledger,
): ReadonlySet<Digest> {
  const graph = buildGraph(inventory)
  const gone = new Set<Digest>(
    [...doubted].flatMap((action) => (action.kind === 'delete-ghost' ? [] : [action.digest])),
  )
  for (const [digest, { status }] of manifests) if (status !== 'retained') gone.add(digest)
  for (const { tag, digest } of plan.tags) {
    const status = tags.get(tag)?.status ?? 'retained'
    if (digest !== null && status !== 'retained') gone.add(digest)
  }
  const nodes = [...gone].map((digest) => graph.nodes.get(digest)).filter((node) => node !== undefined)
  const reached = reach(graph, nodes)
  return new Set([...gone, ...graph.digests.filter((_, node) => reached.has(node))])
}
