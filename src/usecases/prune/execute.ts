import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Clock, Log } from '../../domain/ports.ts'
import type { Cause, PlanAction, PrunePlan } from '../../domain/prune/decision.ts'
import type { Inventory } from '../../domain/prune/inventory.ts'
import type { DeleteOutcome, PruneTarget } from '../../domain/prune/ports.ts'
import { createLedger, endsEarly } from './ledger.ts'
import type { Fate, Ledger } from './ledger.ts'
import { createRepositoryWatch } from './repository-watch.ts'
import type { RepositoryWatch } from './repository-watch.ts'
import { createProgress } from './progress.ts'
import type { Reading } from './read-inventory.ts'
import { orPostponed, Postponed } from './postponed.ts'
import { createUntag, moved } from './untag.ts'

export interface ExecuteDeps {
  readonly log: Pick<Log, 'info'>
  /** requests that read, at the same time */
  readonly concurrency: number
  readonly now: Clock
  /** ends early when the run does */
  readonly sleep: (milliseconds: number) => Promise<unknown>
  /** true once `max-duration` has passed */
  readonly timeIsUp: () => boolean
}

/** What the deletions of one repository share. */
export interface Work {
  readonly target: PruneTarget
  readonly plan: PrunePlan
  readonly inventory: Inventory
  readonly ledger: Ledger
  readonly watch: RepositoryWatch
}

type UntagAction = Extract<PlanAction, { kind: 'untag' }>
type FamilyAction = Exclude<PlanAction, UntagAction>
type ManifestAction = Extract<PlanAction, { kind: 'delete-manifest' }>

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
  reading: Reading,
  deps: ExecuteDeps,
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

  /**
   * Does one step unless the run has stopped; what it throws is the fate of its item. One that was put off
   * begins anew.
   */
  const attempt = async (action: PlanAction, step: () => Promise<void>, tries = 1): Promise<void> => {
    if (timeIsUp()) ledger.stop({ kind: 'partial', scope: 'registry', message: 'max-duration has passed' })
    if (ledger.stopped() !== null) return
    try {
      await step()
      progress()
    } catch (error) {
      if (error instanceof Postponed && tries < MAX_TRIES && error.wait <= LONGEST_WAIT) {
        await deps.sleep(error.wait)
        await attempt(action, step, tries + 1)
        return
      }
      const reason = error instanceof Postponed ? error.reason : error
      if (!(reason instanceof WardenError)) throw error
      const kind = reason.kind === 'denied' || reason.kind === 'unauthorized' ? 'denied' : 'failed'
      const name = action.kind === 'delete-manifest' ? action.digest : action.tag
      settle(work, action, ledger.judge(name, { kind, error: reason }))
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

function settle({ ledger }: Work, action: PlanAction, fate: Fate | null): void {
  if (fate === null) return
  if (action.kind !== 'delete-manifest') {
    // a tag of a manifest that goes: the manifest's own fate is the tag's
    if (action.kind === 'untag' || fate.status === 'failed') ledger.settleTag(action.tag, fate)
    return
  }
  for (const tag of action.tags) ledger.settleTag(tag, fate)
  if (fate.status === 'done' || fate.status === 'gone') ledger.settleManifest(action.digest, fate)
  else ledger.retain(action.digest, fate)
}

/** Where manifests with tags cannot be deleted, each of their tags goes first. */
async function deleteTag(
  { target, ledger, watch }: Work,
  { tag, digest }: Extract<PlanAction, { kind: 'delete-tag' }>,
): Promise<void> {
  const current = await watch.resolve(tag)
  if (current === null) return
  if (current !== digest) {
    ledger.settleTag(tag, moved(current))
    return
  }
  const outcome = orPostponed(await target.vendor.untag(tag, digest))
  // the registry will say at the manifest what it thinks of its tags
  if (outcome.kind === 'unsupported') return
  const fate = ledger.judge(tag, outcome)
  if (fate !== null) ledger.settleTag(tag, fate)
  if (fate?.status === 'done') watch.forget(tag)
}

async function deleteManifest(work: Work, action: ManifestAction): Promise<void> {
  const { target, ledger, watch } = work
  const { digest } = action
  // kept because of a parent that could not go
  if (ledger.manifests.has(digest)) {
    const fate = ledger.manifests.get(digest)
    if (fate !== undefined) settle(work, action, fate)
    return
  }
  const needed = (await watch.check(digest)) ?? (await neededNow(work, action))
  if (ledger.stopped() !== null) return
  if (needed !== null) {
    settle(work, action, { status: 'retained', note: 'it is in use since the plan was made', cause: needed })
    return
  }
  const outcome = orPostponed(await target.vendor.deleteManifest(digest))
  const fate = ledger.judge(digest, outcome.kind === 'gone' ? await goneOr(work, action) : outcome)
  settle(work, action, fate)
  if (fate?.status === 'done') for (const tag of action.tags) watch.forget(tag)
}

/** Not found, though a tag still names it: then nothing was deleted, and what it needs must not be either. */
async function goneOr(
  { target, ledger, watch }: Work,
  { digest, tags }: ManifestAction,
): Promise<DeleteOutcome> {
  for (const tag of tags) {
    if (ledger.tags.has(tag) || (await watch.resolve(tag)) !== digest) continue
    const message = `${target.name}: the registry does not find ${digest}, which ${tag} still names`
    return { kind: 'failed', error: new WardenError('protocol', message, { advice: 'Run again later' }) }
  }
  return { kind: 'gone', error: null }
}

/**
 * Resolves the tags of a manifest right before it goes. One that was moved away stays, and may need what is
 * below.
 */
async function neededNow({ ledger, watch }: Work, { digest, tags }: ManifestAction): Promise<Cause | null> {
  for (const tag of tags) {
    const current = await watch.resolve(tag)
    if (current === null) ledger.settleTag(tag, { status: 'gone', note: null })
    else if (current !== digest) ledger.settleTag(tag, moved(current))
  }
  return watch.holds(digest)
}
