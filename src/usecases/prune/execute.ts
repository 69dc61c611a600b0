import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { PlanAction, PrunePlan } from '../../domain/prune/decision.ts'
import type { PruneTarget } from '../../domain/prune/ports.ts'
import { deleteManifest, deleteTag } from './delete-steps.ts'
import type { PruneDeps } from './deps.ts'
import { createLedger, endsEarly } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { createProgress } from './progress.ts'
import type { RepositoryReading } from './read-inventory.ts'
import { createRepositoryWatch } from './repository-watch.ts'
import { createUntag } from './untag.ts'
import { settle } from './work.ts'
import type { FamilyAction, StepOutcome, UntagAction, Work } from './work.ts'

/** Deletions are gentler than reading: most registries do them one by one inside. */
const DELETES_AT_ONCE = 4
/**
 * How often one deletion is asked for where the registry asks to wait, and the longest wait that is worth it.
 */
const MAX_TRIES = 5
const LONGEST_WAIT = 5 * 60_000

/**
 * Carries a plan out: a probe that deletes nothing, then the tags that leave their manifest behind, then
 * family by family each manifest before what it needs. Whatever happens to one item is written into the
 * ledger; only a bug is an exception.
 */
export async function executePlan(
  target: PruneTarget,
  plan: PrunePlan,
  reading: RepositoryReading,
  deps: PruneDeps,
): Promise<Ledger> {
  const { concurrency, now, timeIsUp } = deps
  const { inventory } = reading
  const ledger = createLedger(inventory, plan, timeIsUp)
  if (plan.actions.length === 0) return ledger
  const probe = await target.vendor.probeDeletes()
  if ('error' in probe) {
    // credentials differ per repository, the switch for deletes does not
    const scope = probe.kind === 'off' ? 'registry' : 'repository'
    const kind = endsEarly(probe.error, timeIsUp) ? 'partial' : 'failed'
    ledger.stop({ kind, scope, message: probe.error.line })
    return ledger
  }
  // deleted by somebody else, or by this registry together with something that we deleted
  const onLost = (tag: Tag) => {
    const message = `${target.name}: ${tag}, which was to stay, is not there any more. Nothing further is deleted`
    ledger.stop({ kind: 'failed', scope: 'repository', message })
  }
  const watch = createRepositoryWatch({ reader: target.reader, reading, plan, concurrency, now, onLost })
  const progress = createProgress(target.name, `of ${plan.actions.length} deletions done`, deps)
  const work: Work = { target, plan, inventory, ledger, watch }

  const attempt = async (action: PlanAction, step: () => Promise<StepOutcome>): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      if (timeIsUp()) ledger.stop({ kind: 'partial', scope: 'registry', message: 'max-duration has passed' })
      if (ledger.stopped() !== null) return
      const outcome = await step().catch((error: unknown) => settleError(work, action, error))
      if (outcome.kind === 'settled') return progress()
      if (tries >= MAX_TRIES || outcome.wait > LONGEST_WAIT) {
        settleError(work, action, outcome.error)
        return
      }
      await deps.sleep(outcome.wait)
    }
  }

  const untag = createUntag(work, probe)
  const remove = (action: UntagAction) => attempt(action, () => untag.perform(action))
  const untags = plan.actions.filter((action) => action.kind === 'untag')
  let position = 0
  for (const action of untags) {
    if (untag.isProven()) break
    await remove(action)
    position += 1
  }
  await pMap(untags.slice(position), remove, { concurrency: DELETES_AT_ONCE })

  await pMap(
    familiesOf(plan.actions),
    async (family) => {
      for (const action of family) {
        await attempt(action, () =>
          action.kind === 'delete-tag' ? deleteTag(work, action) : deleteManifest(work, action),
        )
      }
    },
    { concurrency: DELETES_AT_ONCE },
  )
  return ledger
}

/** Families do not depend on each other; the order inside one is what keeps a kept index whole. */
function familiesOf(actions: readonly PlanAction[]): FamilyAction[][] {
  const familyOf = new Map<Digest, number>()
  for (const action of actions)
    if (action.kind === 'delete-manifest') familyOf.set(action.digest, action.family)
  const members = actions.filter((action) => action.kind !== 'untag')
  return [...Map.groupBy(members, ({ digest }) => familyOf.get(digest)).values()]
}

/** What a step throws is the result of its item; only a bug is an exception. */
function settleError(work: Work, action: PlanAction, error: unknown): StepOutcome {
  if (!(error instanceof WardenError)) throw error
  const kind = error.kind === 'denied' || error.kind === 'unauthorized' ? 'denied' : 'failed'
  const name = action.kind === 'delete-manifest' ? action.digest : action.tag
  return settle(work, action, work.ledger.judge(name, { kind, error }))
}
