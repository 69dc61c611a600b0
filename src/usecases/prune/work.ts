import type { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { PlanAction, PrunePlan } from '../../domain/prune/decision.ts'
import type { ManifestGraph, Node } from '../../domain/prune/graph.ts'
import type { DeleteOutcome, PruneTarget } from '../../domain/prune/ports.ts'
import type { PruneDeps } from './deps.ts'
import type { HeldBlobs } from './held-blobs.ts'
import type { ItemResult, Ledger } from './ledger.ts'
import type { RepositoryReading } from './read-inventory.ts'
import type { RepositoryWatch } from './repository-watch.ts'

/** A repository of this run, as it was read. */
export interface Neighbour {
  readonly target: PruneTarget
  readonly reading: RepositoryReading
}

/** What the deletions of one repository share. */
export interface Work {
  readonly target: PruneTarget
  readonly plan: PrunePlan
  readonly reading: RepositoryReading
  readonly graph: ManifestGraph
  readonly ledger: Ledger
  readonly watch: RepositoryWatch
  readonly blobs: HeldBlobs
  /** the other repositories of the run that hold a digest */
  readonly elsewhere: (digest: Digest) => readonly Neighbour[]
  readonly deps: PruneDeps
}

export type UntagAction = Extract<PlanAction, { kind: 'untag' }>
export type DeleteTagAction = Extract<PlanAction, { kind: 'delete-tag' }>
export type DeleteManifestAction = Extract<PlanAction, { kind: 'delete-manifest' }>
export type FamilyAction = DeleteTagAction | DeleteManifestAction

/**
 * How one try at an action ended.
 * - `settled`: the ledger has its result, or the run stopped.
 * - `postponed`: the registry asks to wait so many milliseconds, or did not say what it did; then everything
 *   is looked at again before the next try, since a tag that was pushed meanwhile is not what the deletion
 *   was for.
 * - `deferred`: the registry wants something else of the same family gone first.
 */
export type StepOutcome =
  | { readonly kind: 'settled' | 'deferred' }
  | { readonly kind: 'postponed'; readonly wait: number; readonly error: WardenError }

export const SETTLED: StepOutcome = { kind: 'settled' }
export const DEFERRED: StepOutcome = { kind: 'deferred' }

/** Writes the result of an action into the ledger; a manifest speaks for its tags. */
export function settle(
  { ledger, target, deps }: Work,
  action: PlanAction,
  result: ItemResult | null,
): StepOutcome {
  if (result === null) return SETTLED
  if (action.kind !== 'delete-manifest') {
    // a tag of a manifest that goes: the manifest's own result is the tag's
    if (action.kind !== 'delete-tag' || result.status === 'failed') ledger.settleTag(action.tag, result)
    return SETTLED
  }
  if (result.status === 'done' && !ledger.manifests.has(action.digest)) {
    const tags = action.tags.filter((tag) => !ledger.tags.has(tag))
    // as it happens: a job that is killed shows no result
    deps.log.info(`${target.name}: deleted ${[...tags, action.digest].join(', ')}`)
  }
  for (const tag of action.tags) ledger.settleTag(tag, result)
  if (result.status === 'done' || result.status === 'gone') ledger.settleManifest(action.digest, result)
  else ledger.retain(action.digest, result)
  return SETTLED
}

/**
 * Sends a write, unless the run has stopped since the look before it; what it takes to put back what the
 * write takes away is safe by then.
 * @returns null when it was not sent
 */
export async function write(
  work: Work,
  entry: { readonly digest: Digest; readonly tags: readonly Tag[] },
  send: () => Promise<DeleteOutcome>,
): Promise<DeleteOutcome | null> {
  await keepForUndo(work, entry)
  const { ledger, deps } = work
  if (ledger.stopped() !== null || deps.timeIsUp()) return null
  try {
    return await send()
  } finally {
    ledger.noteSent(deps.now())
  }
}

/** Puts what it takes to restore a manifest and its tags into the undo file; a failure ends the run. */
export async function keepForUndo(
  { target, ledger, deps }: Work,
  { digest, tags }: { readonly digest: Digest; readonly tags: readonly Tag[] },
): Promise<void> {
  if (deps.record === undefined) return
  const stored = await target.reader.stored(digest)
  const versionId = target.vendor.versionOf?.(digest) ?? null
  const failure = await deps.record({ repository: target.name, digest, stored, tags, versionId })
  if (failure !== null) ledger.stop({ kind: 'failed', scope: 'run', message: failure.line })
}

/** Everything below an index that the plan deletes too, with the tags that name it. */
export function doomedBelow({ graph, plan }: Work, digest: Digest) {
  const below = new Set<Node>()
  const visit = (node: Node | undefined): void => {
    for (const child of node === undefined ? [] : (graph.children[node] ?? [])) {
      if (below.has(child)) continue
      below.add(child)
      visit(child)
    }
  }
  visit(graph.nodes.get(digest))
  const doomed = doomedIn(plan)
  return [...below].flatMap((node) => {
    const child = graph.digests[node]
    if (child === undefined || !doomed.has(child)) return []
    return [{ digest: child, tags: plan.tags.flatMap((each) => (each.digest === child ? [each.tag] : [])) }]
  })
}

/** The manifests in an index that stay. */
export function keptChildren({ graph, plan }: Work, digest: Digest): Digest[] {
  const node = graph.nodes.get(digest)
  const children = node === undefined ? [] : (graph.children[node] ?? [])
  if (children.length === 0) return []
  const doomed = doomedIn(plan)
  return children.flatMap((child: Node) => {
    const name = graph.digests[child]
    return name === undefined || !graph.stored[child] || doomed.has(name) ? [] : [name]
  })
}

const doomedByPlan = new WeakMap<PrunePlan, ReadonlySet<Digest>>()

/** The manifests that a plan deletes. */
export function doomedIn(plan: PrunePlan): ReadonlySet<Digest> {
  const known = doomedByPlan.get(plan)
  if (known !== undefined) return known
  const doomed = new Set(
    plan.manifests.flatMap(({ digest, decision }) => (decision === 'delete' ? [digest] : [])),
  )
  doomedByPlan.set(plan, doomed)
  return doomed
}
