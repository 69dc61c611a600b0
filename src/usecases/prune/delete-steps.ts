import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Cause } from '../../domain/prune/decision.ts'
import { fact } from '../../domain/prune/rule.ts'
import type { FinalOutcome, ItemResult } from './ledger.ts'
import { settle, SETTLED } from './work.ts'
import type { DeleteManifestAction, DeleteTagAction, StepOutcome, Work } from './work.ts'

/** Where manifests with tags cannot be deleted, each of their tags goes first. */
export async function deleteTag(
  { target, ledger, watch }: Work,
  { tag, digest }: DeleteTagAction,
): Promise<StepOutcome> {
  const current = await watch.resolve(tag)
  if (current === null) return SETTLED
  if (current !== digest) {
    ledger.settleTag(tag, moved(current))
    return SETTLED
  }
  const outcome = await target.vendor.untag(tag, digest)
  if (outcome.kind === 'again') return { kind: 'postponed', wait: outcome.wait, error: outcome.error }
  // the registry will say at the manifest what it thinks of its tags
  if (outcome.kind === 'unsupported') return SETTLED
  const result = ledger.judge(tag, outcome)
  if (result !== null) ledger.settleTag(tag, result)
  if (result?.status === 'done') watch.forget(tag)
  return SETTLED
}

export async function deleteManifest(work: Work, action: DeleteManifestAction): Promise<StepOutcome> {
  const { target, ledger, watch } = work
  const { digest } = action
  // kept because of a parent that could not go
  const known = ledger.manifests.get(digest)
  if (known !== undefined) return settle(work, action, known)
  const needed = (await watch.check(digest)) ?? (await neededNow(work, action))
  if (ledger.stopped() !== null) return SETTLED
  if (needed !== null) {
    const note = 'it is in use since the plan was made'
    return settle(work, action, { status: 'retained', note, cause: needed })
  }
  const outcome = await target.vendor.deleteManifest(digest)
  if (outcome.kind === 'again') return { kind: 'postponed', wait: outcome.wait, error: outcome.error }
  const result = ledger.judge(digest, outcome.kind === 'gone' ? await goneOr(work, action) : outcome)
  settle(work, action, result)
  if (result?.status === 'done') for (const tag of action.tags) watch.forget(tag)
  return SETTLED
}

/** Not found, though a tag still names it: then nothing was deleted, and what it needs must not be either. */
async function goneOr(
  { target, ledger, watch }: Work,
  { digest, tags }: DeleteManifestAction,
): Promise<FinalOutcome> {
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
async function neededNow(
  { ledger, watch }: Work,
  { digest, tags }: DeleteManifestAction,
): Promise<Cause | null> {
  for (const tag of tags) {
    const current = await watch.resolve(tag)
    if (current === null) ledger.settleTag(tag, { status: 'gone', note: null })
    else if (current !== digest) ledger.settleTag(tag, moved(current))
  }
  return watch.holds(digest)
}

/** A tag that another push moved in the meantime is not what the plan was made for. */
export function moved(digest: Digest): ItemResult {
  const note = `it was moved to ${digest} since the plan was made`
  return { status: 'retained', note, cause: { reason: 'undeletable', decidedBy: { rule: fact(note) } } }
}
