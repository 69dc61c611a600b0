import type { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { DeleteProbe } from '../../domain/prune/ports.ts'
import { moved } from './delete-steps.ts'
import type { FinalOutcome, ItemResult } from './ledger.ts'
import { SETTLED } from './work.ts'
import type { StepOutcome, UntagAction, Work } from './work.ts'

export interface Untag {
  readonly perform: (action: UntagAction) => Promise<StepOutcome>
  /** The first removal is done and its siblings are still there, so that several may be removed at once. */
  readonly isProven: () => boolean
}

/**
 * How one way of removing a tag ended. `no-native`: the registry has no way of its own, and another one may
 * be tried; that took a while, so the tag is looked at again first.
 */
type Removal =
  | { readonly kind: 'answered'; readonly outcome: FinalOutcome }
  | { readonly kind: 'skipped'; readonly note: string }
  | { readonly kind: 'no-native' }
  | Extract<StepOutcome, { kind: 'postponed' }>

/**
 * Makes the function that removes single tags of manifests that stay. What it learns on the way holds for the
 * rest of the repository: that the registry has no such thing, and that the first untag left the siblings
 * alone.
 */
export function createUntag(work: Work, probe: DeleteProbe): Untag {
  const { target, inventory, ledger, watch } = work
  const { vendor, reader } = target
  const dates = new Map(work.plan.tags.map(({ tag, age }) => [tag, age?.at ?? null]))
  let noNative: WardenError | null = null
  let isProven = false

  /** The first untag is the canary: a registry that takes the manifest along must not get a second one. */
  async function checkSiblings(tag: Tag, digest: Digest): Promise<void> {
    const lost: string[] = []
    for (const [sibling, entry] of inventory.tags) {
      if (
        entry.state !== 'resolved' ||
        entry.digest !== digest ||
        ledger.tags.has(sibling) ||
        sibling === tag
      )
        continue
      if ((await reader.head(sibling)) === null) lost.push(sibling)
    }
    if ((await reader.head(digest)) === null) lost.push(digest)
    if (lost.length > 0) {
      const message =
        `${target.name}: the registry deleted ${lost.join(', ')} together with the tag ${tag}, ` +
        'which was to be removed alone. Nothing further is deleted. Push the image again'
      ledger.stop({ kind: 'failed', scope: 'registry', message })
    }
    isProven = true
  }

  async function swap({ tag }: UntagAction): Promise<Removal> {
    if (vendor.pushPlaceholder === undefined || probe.kind !== 'on') {
      return {
        kind: 'skipped',
        note: 'shared-digest: swap needs a registry that is known to delete manifests',
      }
    }
    // a run that ends right here leaves a tag that is as old as before, for the next run to delete
    const placeholder = await vendor.pushPlaceholder(tag, dates.get(tag) ?? null)
    // never what the tag names now: a list may lag behind, and then that is the digest to keep
    return answered(await vendor.deleteManifest(placeholder))
  }

  async function removeNatively({ tag, digest }: UntagAction): Promise<Removal> {
    const outcome = await vendor.untag(tag, digest)
    if (outcome.kind !== 'unsupported') return answered(outcome)
    noNative = outcome.error
    return { kind: 'no-native' }
  }

  /** One try with the way that is known to be right by now. */
  async function tryOnce(action: UntagAction): Promise<Removal | ItemResult> {
    const { tag, digest, method } = action
    if (noNative !== null && method === 'native') return { kind: 'skipped', note: noNative.line }
    const swaps = method === 'swap' || (method === 'native-or-swap' && noNative !== null)
    if (swaps && probe.kind === 'on') await vendor.preparePlaceholder?.()
    const current = await watch.resolve(tag)
    if (current === null) return { status: 'gone', note: null }
    if (current !== digest) return moved(current)
    return swaps ? swap(action) : removeNatively(action)
  }

  async function perform(action: UntagAction): Promise<StepOutcome> {
    const { tag, digest } = action
    let removal = await tryOnce(action)
    if ('kind' in removal && removal.kind === 'no-native') removal = await tryOnce(action)
    if ('kind' in removal && removal.kind === 'postponed') return removal
    const result = resultOf(removal, tag)
    if (result === null) return SETTLED
    ledger.settleTag(tag, result)
    if (result.status !== 'done') return SETTLED
    watch.forget(tag)
    if (!isProven) await checkSiblings(tag, digest)
    return SETTLED
  }

  function resultOf(removal: Exclude<Removal, { kind: 'postponed' }> | ItemResult, tag: Tag) {
    if ('status' in removal) return removal
    if (removal.kind === 'answered') return ledger.judge(tag, removal.outcome)
    // the plan's reason stands: it is what would have to change
    const note = removal.kind === 'skipped' ? removal.note : 'the registry cannot remove a tag alone'
    return { status: 'retained', note } as const
  }

  return { perform, isProven: () => isProven }
}

function answered(outcome: Awaited<ReturnType<Work['target']['vendor']['untag']>>): Removal {
  return outcome.kind === 'again'
    ? { kind: 'postponed', wait: outcome.wait, error: outcome.error }
    : { kind: 'answered', outcome }
}
