import type { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { PlanAction } from '../../domain/prune/decision.ts'
import { fact } from '../../domain/prune/rule.ts'
import type { DeleteOutcome, DeleteProbe } from '../../domain/prune/ports.ts'
import type { Work } from './execute.ts'
import type { Fate } from './ledger.ts'
import { orPostponed } from './postponed.ts'

type UntagAction = Extract<PlanAction, { kind: 'untag' }>

export interface Untag {
  readonly perform: (action: UntagAction) => Promise<void>
  /** The first removal is done and its siblings are still there, so that several may be removed at once. */
  readonly isProven: () => boolean
}

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

  async function swap({ tag }: UntagAction): Promise<Fate | null> {
    if (vendor.pushPlaceholder === undefined || probe.kind !== 'on') {
      return skipped('shared-digest: swap needs a registry that is known to delete manifests')
    }
    // a run that ends right here leaves a tag that is as old as before, for the next run to delete
    const placeholder = await vendor.pushPlaceholder(tag, dates.get(tag) ?? null)
    // never what the tag names now: a list may lag behind, and then that is the digest to keep
    return ledger.judge(tag, await vendor.deleteManifest(placeholder))
  }

  async function remove(action: UntagAction): Promise<Fate | null> {
    const { tag, digest, method } = action
    if (method !== 'swap' && noNative === null) {
      const outcome: DeleteOutcome = orPostponed(await vendor.untag(tag, digest))
      if (outcome.kind !== 'unsupported') return ledger.judge(tag, outcome)
      noNative = outcome.error
      // that took a while, and what is prepared now takes another
      if (method === 'native-or-swap') {
        await perform(action)
        return null
      }
    }
    return method === 'native'
      ? skipped(noNative?.line ?? 'the registry cannot remove a tag alone')
      : swap(action)
  }

  async function perform(action: UntagAction): Promise<void> {
    const { tag, digest, method } = action
    if (noNative !== null && method === 'native') {
      ledger.settleTag(tag, skipped(noNative.line))
      return
    }
    const swaps = method === 'swap' || (method === 'native-or-swap' && noNative !== null)
    if (swaps && probe.kind === 'on') await vendor.preparePlaceholder?.()
    const current = await watch.resolve(tag)
    if (current !== digest) {
      ledger.settleTag(tag, current === null ? { status: 'gone', note: null } : moved(current))
      return
    }
    const fate = await remove(action)
    if (fate === null) return
    ledger.settleTag(tag, fate)
    if (fate.status !== 'done') return
    watch.forget(tag)
    if (!isProven) await checkSiblings(tag, digest)
  }

  return { perform, isProven: () => isProven }
}

/** A tag that another push moved in the meantime is not what the plan was made for. */
export function moved(digest: Digest): Fate {
  const note = `it was moved to ${digest} since the plan was made`
  return { status: 'retained', note, cause: { reason: 'undeletable', decidedBy: { rule: fact(note) } } }
}

/** The plan's reason stands: it is what would have to change. */
function skipped(note: string): Fate {
  return { status: 'retained', note }
}
