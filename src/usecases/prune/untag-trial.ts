import { WardenError } from '../../domain/errors.ts'
import { isDigest } from '../../domain/names/digest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { DeleteOutcome } from '../../domain/prune/ports.ts'
import { PASSING } from './ledger.ts'
import type { FinalOutcome } from './ledger.ts'
import { isLookDueLater } from './later-looks.ts'
import type { HeldBy, Way } from './later-looks.ts'
import type { FirstLooks } from './looks.ts'
import type { StepOutcome, Work } from './work.ts'

/**
 * What a trial on a manifest of our own showed. `safe`: the rest stayed. `no-native`: tags are not removed
 * there by themselves. `skipped`: it could not be tried, or only this kind of tag must stay.
 */
export type Trial =
  | { readonly kind: 'safe' }
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'no-native'; readonly error: WardenError }
  | { readonly kind: 'skipped'; readonly note: string }
  | { readonly kind: 'answered'; readonly outcome: FinalOutcome }
  | Extract<StepOutcome, { kind: 'postponed' }>

/** Tries what removing a tag takes along where that is not known, before a tag of anything that stays goes. */
export interface UntagTrial {
  readonly run: (holding: HeldBy, way: Way) => Promise<Trial>
  /** To be called at the end: takes back what is left of it, and names what cannot go. */
  readonly settleLeft: () => Promise<void>
}

/**
 * Pushes a manifest of our own under two names, takes one away, and looks for the other: whatever a registry
 * does then, nothing of anybody's is lost, also where nothing can be put back. It begins with a tag that does
 * not exist, so that a registry which removes no tags (distribution 2) is found out without a push.
 */
export function createUntagTrial(work: Work, looks: FirstLooks, mayPush: () => boolean): UntagTrial {
  const { target, ledger, deps } = work
  const { vendor, reader } = target
  const settled = new Map<string, Trial>()
  /** pushed by each trial and not known to be gone */
  const left: Set<Tag | Digest>[] = []
  const ours = new Set<Tag | Digest>()
  let removesNothing: Promise<DeleteOutcome> | null = null

  /** @param pushed gets every name that is ours and may be there */
  async function tryOn(pushed: Set<Tag | Digest>, holding: HeldBy, way: Way): Promise<Trial> {
    if (!mayPush() || vendor.pushPlaceholder === undefined)
      return untried('it is not known whether this registry deletes manifests')
    const tag = freshTag()
    pushed.add(tag)
    const digest = await vendor.pushPlaceholder(tag, null)
    pushed.add(digest)
    const sibling = holding === 'tagged' ? freshTag() : null
    if (sibling !== null) pushed.add(sibling)
    if (sibling !== null || vendor.capabilities.holds !== 'digest')
      await vendor.putManifest(sibling ?? digest, await reader.stored(digest))
    const outcome = way === 'native' ? await vendor.untag(tag, digest) : await moveAway(tag, pushed)
    if (outcome.kind === 'unsupported') return { kind: 'no-native', error: outcome.error }
    if (outcome.kind === 'again') return { kind: 'postponed', wait: outcome.wait, error: outcome.error }
    if (outcome.error !== null) return { kind: 'answered', outcome }
    const error = await looks.afterTag(tag)
    if (error !== null) return { kind: 'answered', outcome: { kind: 'failed', error } }
    pushed.delete(tag)
    const isThere = async () => (await reader.head(sibling ?? digest)) !== null
    const kind = `${way} ${holding}` as const
    if ((await isThere()) && (!(await isLookDueLater(work, [kind])) || (await isThere())))
      return { kind: 'safe' }
    return sibling === null
      ? { kind: 'skipped', note: GOES_WITH_LAST_TAG }
      : { kind: 'no-native', error: TAKES_ALONG }
  }

  async function moveAway(tag: Tag, pushed: Set<Tag | Digest>): Promise<DeleteOutcome> {
    const placeholder = await vendor.pushPlaceholder?.(tag, null)
    if (placeholder === undefined) return NOTHING_DONE
    pushed.add(placeholder)
    return vendor.deleteManifest(placeholder)
  }

  function freshTag(): Tag {
    const tag = vendor.freshTag?.()
    if (tag === undefined) throw new WardenError('unsupported', 'nothing can be pushed there')
    return tag
  }

  async function run(holding: HeldBy, way: Way): Promise<Trial> {
    if (ledger.stopped() !== null || deps.timeIsUp()) return { kind: 'not-sent' }
    if (way === 'native') {
      removesNothing ??= vendor.untag(freshTag(), null)
      const { kind, error } = await removesNothing
      if (kind === 'unsupported') return { kind: 'no-native', error }
    }
    const pushed = new Set<Tag | Digest>()
    left.push(pushed)
    const trial = await tryOn(pushed, holding, way).catch(asTrial)
    // what does not go now is tried once more at the end
    for (const name of pushed) ours.add(name)
    for (const name of pushed) if ((await takeBack(name)) === null) pushed.delete(name)
    return trial
  }

  /** The run may have ended in the middle of it. */
  async function settleLeft(): Promise<void> {
    for (const pushed of left) {
      for (const name of pushed) ours.add(name)
      for (const name of pushed) {
        const error = await takeBack(name)
        if (error !== null) tellLeft(name, error)
      }
    }
  }

  /** What was pushed goes again, in whichever way it can. @returns why it may be left */
  async function takeBack(name: Tag | Digest): Promise<WardenError | null> {
    try {
      const digest = await reader.head(name, 'gone')
      if (digest === null) return null
      // a HEAD may tell the digest of something else, which is not ours to delete
      if (!ours.has(digest)) return NOT_OURS
      const { error } = await vendor.deleteManifest(digest)
      if (error === null && isDigest(name)) return null
      if ((await reader.head(name, 'gone')) === null) return null
      const other = isDigest(name) ? { error } : await vendor.untag(name, digest)
      return (await reader.head(name, 'gone')) === null ? null : (error ?? other.error ?? STILL_THERE)
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      return error
    }
  }

  function tellLeft(name: Tag | Digest, error: WardenError): void {
    const why = `pushed to try out the removal of a tag, may be left there: ${error.message}`
    ledger.report(`${target.name}: ${name}, ${why}`)
  }

  async function runOnce(holding: HeldBy, way: Way): Promise<Trial> {
    const key = `${holding} ${way}`
    const known = settled.get(key)
    if (known !== undefined) return known
    const trial = await run(holding, way)
    if (trial.kind !== 'postponed' && trial.kind !== 'not-sent') settled.set(key, trial)
    return trial
  }

  return { run: runOnce, settleLeft }
}

export const TAKES_ALONG = new WardenError(
  'unsupported',
  'this registry deletes the whole manifest, with all its tags, when one tag is deleted',
  { advice: 'shared-digest: swap moves the tag to a placeholder and deletes that' },
)
const GOES_WITH_LAST_TAG =
  'this registry deletes a manifest with its last tag, also one that was put by its digest, and something else needs it'
const NOTHING_DONE: DeleteOutcome = {
  kind: 'unsupported',
  error: new WardenError('unsupported', 'nothing can be pushed there'),
}

const NOT_OURS = new WardenError('protocol', 'the registry says that it names something else')
const STILL_THERE = new WardenError('protocol', 'the registry said that it deleted it, and still has it')

function untried(why: string): Trial {
  return {
    kind: 'skipped',
    note: `what removing a tag takes along there could not be tried on a manifest of our own: ${why}`,
  }
}

/** What was lost on the way is tried again; a login that may not push cannot find out. */
function asTrial(error: unknown): Trial {
  if (!(error instanceof WardenError)) throw error
  return PASSING.has(error.kind) ? { kind: 'postponed', wait: 0, error } : untried(error.message)
}
