import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { PlanAction, PrunePlan } from '../../domain/prune/decision.ts'
import { buildGraph } from '../../domain/prune/graph.ts'
import type { DeleteProbe, PruneTarget } from '../../domain/prune/ports.ts'
import { counted } from '../../domain/text.ts'
import { deleteGhost, proveGhosts } from './broken.ts'
import { createDeleteSteps } from './delete-steps.ts'
import type { PruneDeps } from './deps.ts'
import { familiesOf, behindReferrers, leastAtRiskFirst, untagTrial } from './families.ts'
import { createHeldBlobs } from './held-blobs.ts'
import type { HeldBlobs } from './held-blobs.ts'
import { createHolders } from './holders.ts'
import { createLedger, endsEarly } from './ledger.ts'
import type { Ledger, Stop } from './ledger.ts'
import { createFirstLooks } from './looks.ts'
import type { FirstLooks, Kind } from './looks.ts'
import { createProgress } from './progress.ts'
import type { RepositoryReading } from './read-inventory.ts'
import { createRepositoryWatch } from './repository-watch.ts'
import type { Sightings } from './repository-watch.ts'
import { settleDoubts } from './doubts.ts'
import { createUntag } from './untag.ts'
import { keptChildren, settle, SETTLED } from './work.ts'
import type { FamilyAction, StepOutcome, UntagAction, Work } from './work.ts'
import { beforeRetry, MAX_TRIES } from './waits.ts'

/** Deletions are gentler than reading: most registries do them one by one inside. */
const DELETES_AT_ONCE = 4
/** The longest wait before a deletion that is worth it. */
const LONGEST_WAIT = 5 * 60_000

/** How far the deletions came, and what is still held of what went. */
export interface Execution {
  readonly ledger: Ledger
  readonly blobs: HeldBlobs
  /** null: nothing was begun */
  readonly sightings: Sightings | null
}

/**
 * Carries a plan out: a probe that deletes nothing, then family by family each manifest before what it needs,
 * then the tags that leave their manifest behind. The first of each kind goes on its own, and is looked at
 * before the others follow. Whatever happens to one item is written into the ledger; only a bug is an
 * exception.
 */
export async function executePlan(
  target: PruneTarget,
  plan: PrunePlan,
  reading: RepositoryReading,
  elsewhere: Work['elsewhere'],
  deps: PruneDeps,
): Promise<Execution> {
  const { concurrency, now, timeIsUp } = deps
  const ledger = createLedger(reading.inventory, plan, timeIsUp)
  const blobs = createHeldBlobs({ target, reading, ledger, deps })
  if (plan.actions.length === 0) return { ledger, blobs, sightings: null }
  const probe = await target.vendor.probeDeletes().catch(asFailedProbe)
  if ('error' in probe) {
    // credentials differ per repository, the switch for deletes does not
    const scope = probe.kind === 'off' ? 'registry' : 'repository'
    const kind = endsEarly(probe.error, timeIsUp) ? 'partial' : 'failed'
    ledger.stop({ kind, scope, message: probe.error.line })
    return { ledger, blobs, sightings: null }
  }
  const doubt = await doubtOfReferrers(target, plan, reading, timeIsUp)
  if (doubt !== null) {
    ledger.stop(doubt)
    return { ledger, blobs, sightings: null }
  }
  // deleted by somebody else, or by this registry together with something that we deleted
  const onLost = (tag: Tag) => {
    const message = `${target.name}: ${tag}, which was to stay, is not there any more. Nothing further is deleted`
    ledger.stop({ kind: 'failed', scope: 'repository', message })
  }
  const watch = createRepositoryWatch({ target, reading, plan, concurrency, now, onLost, blobs, ledger })
  const graph = buildGraph(reading.inventory)
  const work: Work = { target, plan, reading, graph, ledger, watch, blobs, elsewhere, deps }
  const looks = createFirstLooks(() => work)
  await carryOut(work, probe, looks)
  await settleDoubts(work, looks)
  return { ledger, blobs, sightings: watch.sightings }
}

/** Asked right before the first manifest goes: what refers to those that stay may need it. */
async function doubtOfReferrers(
  { name }: PruneTarget,
  { actions }: PrunePlan,
  { crawl }: RepositoryReading,
  timeIsUp: PruneDeps['timeIsUp'],
): Promise<Stop | null> {
  if (!actions.some(({ kind }) => kind === 'delete-manifest')) return null
  try {
    if (!(await crawl.findsReferrersApi())) return null
    const message = `${name}: the registry lists referrers now, and did not when it was read. Nothing is deleted; run again`
    return { kind: 'failed', scope: 'repository', message }
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    const kind = endsEarly(error, timeIsUp) ? 'partial' : 'failed'
    return { kind, scope: 'repository', message: error.line }
  }
}

function asFailedProbe(error: unknown): DeleteProbe {
  if (!(error instanceof WardenError)) throw error
  return { kind: 'failed', error }
}

async function carryOut(work: Work, probe: DeleteProbe, looks: FirstLooks): Promise<void> {
  const { plan, graph } = work
  const steps = createDeleteSteps(work, looks)
  const untag = createUntag({ work, probe, looks, holders: createHolders(work) })
  const attempt = createAttempt(work)

  const runFamily = async (family: readonly FamilyAction[]) => {
    let queue = [...family]
    for (let action = queue.shift(); action !== undefined; action = queue.shift()) {
      const current = action
      const { kind } = await attempt(current, () =>
        current.kind === 'delete-tag' ? steps.deleteTag(current) : steps.deleteManifest(current),
      )
      if (kind === 'deferred') queue = behindReferrers(graph, queue, current)
    }
  }

  const isAlone = (digest: Digest) =>
    keptChildren(work, digest).length === 0 && work.elsewhere(digest).length === 0
  const trial = untagTrial(plan.actions, isAlone)
  if (trial !== null && untag.canTry()) await attempt(trial, () => untag.tryOnDoomed(trial))

  const families = leastAtRiskFirst(
    familiesOf(plan.actions),
    plan,
    ({ digest, kind }) => kind === 'delete-manifest' && work.blobs.tellingBlob(digest) !== null,
  )
  const owes = (family: readonly FamilyAction[], kind: Kind) =>
    family.some((action) => looks.owed(action).includes(kind))
  for (const kind of ['tag', 'manifest', 'blobs', 'children', 'elsewhere'] as const) {
    for (;;) {
      const next = families.findIndex((family) => owes(family, kind))
      if (next < 0) break
      for (const family of families.splice(next, 1)) await runFamily(family)
    }
  }
  // what is deleted unseen is lost for good there: the fewer at the same time, the fresher the looks
  const atOnce = work.blobs.areLost() ? 1 : DELETES_AT_ONCE
  await pMap(families, runFamily, { concurrency: atOnce })

  const remove = (action: UntagAction) => attempt(action, () => untag.perform(action))
  const untags = plan.actions.filter((action) => action.kind === 'untag')
  const together: UntagAction[] = []
  for (const action of untags) {
    if (untag.isProven(action)) together.push(action)
    else await remove(action)
  }
  await pMap(together, remove, { concurrency: atOnce })
  await untag.settleLeft()

  const ghosts = plan.actions.filter((action) => action.kind === 'delete-ghost')
  for (const ghost of ghosts) await attempt(ghost, () => deleteGhost(work, ghost.tag))
  const tags = ghosts.map(({ tag }) => tag)
  await proveGhosts(work, tags)
}

/**
 * Does one step unless the run has stopped. One that was postponed begins again with a look at everything
 * that it rests on.
 */
function createAttempt(work: Work) {
  const { ledger, watch, deps, target, plan } = work
  const progress = createProgress(
    target.name,
    (count) => `${count} of ${counted(plan.actions.length, 'deletion')} done`,
    deps,
  )
  return async (action: PlanAction, step: () => Promise<StepOutcome>): Promise<StepOutcome> => {
    for (let tries = 1; ; tries += 1) {
      if (deps.timeIsUp()) ledger.stop(endOf(deps))
      if (ledger.stopped() !== null) return SETTLED
      const trying = step().catch((error: unknown) => settleError(work, action, error))
      const outcome = deps.orAbandoned === undefined ? await trying : await deps.orAbandoned(trying)
      if (outcome === null) {
        ledger.doubt(action)
        ledger.stop(endOf(deps))
        return SETTLED
      }
      if (outcome.kind !== 'postponed') {
        progress()
        return outcome
      }
      ledger.doubt(action)
      if (tries >= MAX_TRIES || outcome.wait > LONGEST_WAIT) return settleError(work, action, outcome.error)
      await deps.sleep(beforeRetry(tries, outcome.wait))
      watch.expire()
    }
  }
}

function endOf({ isCancelled }: PruneDeps): Stop {
  return isCancelled?.() === true
    ? { kind: 'failed', scope: 'run', message: 'The job was cancelled: nothing further is deleted' }
    : { kind: 'partial', scope: 'registry', message: 'max-duration has passed' }
}

/** What a step throws is the result of its item; only a bug is an exception. */
function settleError(work: Work, action: PlanAction, error: unknown): StepOutcome {
  if (!(error instanceof WardenError)) throw error
  const kind = error.kind === 'denied' || error.kind === 'unauthorized' ? 'denied' : 'failed'
  const name: Tag | Digest = action.kind === 'delete-manifest' ? action.digest : action.tag
  return settle(work, action, work.ledger.judge(name, { kind, error }))
}
