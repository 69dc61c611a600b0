import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { isPlaceholder } from '../../domain/prune/placeholder.ts'
import type { DeleteOutcome } from '../../domain/prune/ports.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { PASSING } from './ledger.ts'
import { write } from './work.ts'
import type { UntagAction, Work } from './work.ts'

/** What a tag names that this run moved to a placeholder, or tried to. */
export type Placed =
  { readonly kind: 'none' | 'removed' | 'placeholder' } | { readonly kind: 'moved'; readonly to: Digest }

export interface Swap {
  /** Where a tag is by now. `none`: this run did not touch it, or it names again what it did. */
  readonly placed: (action: UntagAction) => Promise<Placed>
  /** Moves the tag to a placeholder, unless it names one of this run already, and deletes that; null: not sent. */
  readonly perform: (action: UntagAction) => Promise<DeleteOutcome | null>
  /** Gives tags that are still on a placeholder back what they named; what cannot be given back is named. */
  readonly settleLeft: () => Promise<void>
}

/**
 * Removes a tag where the registry only deletes manifests: the tag is moved to a new manifest, and that is
 * deleted. In between it is the run that answers for what the tag names.
 */
export function createSwap(work: Work, createdOf: (tag: Tag) => Timestamp | null): Swap {
  const { target, ledger, deps } = work
  const { vendor, reader } = target
  /** pushed, or tried to push; null: what its digest is nobody told */
  const touched = new Map<Tag, { readonly action: UntagAction; readonly placeholder: Digest | null }>()

  async function placed({ tag, digest }: UntagAction): Promise<Placed> {
    const ours = touched.get(tag)
    if (ours === undefined) return { kind: 'none' }
    const current = await reader.head(tag)
    if (current === null) return { kind: 'removed' }
    if (current === ours.placeholder) return { kind: 'placeholder' }
    if (current === digest) return { kind: 'none' }
    // pushed although the answer was lost, or rewritten by the registry
    if (!isPlaceholder((await reader.manifest(current)).manifest)) return { kind: 'moved', to: current }
    touched.set(tag, { action: ours.action, placeholder: current })
    return { kind: 'placeholder' }
  }

  async function perform(action: UntagAction): Promise<DeleteOutcome | null> {
    const { tag, digest } = action
    return write(work, { digest, tags: [tag] }, async () => {
      const known = touched.get(tag)?.placeholder ?? null
      const placeholder = known ?? (await push(action))
      if (typeof placeholder !== 'string') return placeholder
      // never what the tag names now: a list may lag behind, and then that is the digest to keep
      const outcome = await vendor.deleteManifest(placeholder)
      if (outcome.kind !== 'done' && outcome.kind !== 'gone') return outcome
      // what was pushed a moment ago is not gone because a replica does not have it yet
      if (outcome.kind === 'done' || (await reader.head(tag, 'gone')) === null) {
        touched.delete(tag)
        return { kind: 'done', error: null }
      }
      return { kind: 'again', wait: 0, error: notFoundYet(tag) }
    })
  }

  async function push(action: UntagAction): Promise<Digest | DeleteOutcome> {
    const { tag } = action
    touched.set(tag, { action, placeholder: null })
    try {
      // a run that is killed right here leaves a tag that is as old as before, for the next run to delete
      const placeholder = await vendor.pushPlaceholder?.(tag, createdOf(tag))
      if (placeholder === undefined) throw new WardenError('unsupported', 'nothing can be pushed there')
      touched.set(tag, { action, placeholder })
      return placeholder
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      // one that did not arrive is pushed again, but not before the tag was looked at again
      if (PASSING.has(error.kind)) return { kind: 'again', wait: 0, error }
      touched.delete(tag)
      throw error
    }
  }

  async function settleLeft(): Promise<void> {
    for (const { action } of touched.values()) {
      try {
        await settle(action)
      } catch (error) {
        if (!(error instanceof WardenError)) throw error
        left(action, error.message)
      }
    }
  }

  async function settle(action: UntagAction): Promise<void> {
    const { tag, digest } = action
    const { kind } = await placed(action)
    if (kind === 'removed') ledger.reviseTag(tag, { status: 'done', note: null })
    if (kind !== 'placeholder') return
    await vendor.putManifest(tag, await reader.stored(digest))
    const current = await reader.head(tag)
    if (current !== digest) return left(action, 'it could not be put back')
    deps.log.info(`${target.name}: ${tag} names ${digest} again, since its placeholder could not be deleted`)
    const why = ledger.tags.get(tag)?.note ?? 'the placeholder that the tag was moved to could not be deleted'
    const status = ledger.tags.get(tag)?.status === 'failed' ? 'failed' : 'retained'
    if (ledger.tags.has(tag)) ledger.reviseTag(tag, { status, note: `${why}; the tag was put back` })
  }

  function left({ tag, digest }: UntagAction, why: string): void {
    const message = `${tag} names a placeholder of this run instead of ${digest}: ${why}`
    ledger.reviseTag(tag, { status: 'failed', note: message })
    ledger.report(`${target.name}: ${message}. Delete the tag, or push it again`)
  }

  return { placed, perform, settleLeft }
}

function notFoundYet(tag: Tag): WardenError {
  return new WardenError(
    'protocol',
    `the placeholder that ${tag} was moved to is not found, and the tag is still there`,
  )
}
