import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Node } from '../../domain/prune/graph.ts'
import type { DeleteOutcome, DeleteProbe } from '../../domain/prune/ports.ts'
import { moved } from './delete-steps.ts'
import type { Holders } from './holders.ts'
import type { FinalOutcome, ItemResult } from './ledger.ts'
import { isLookDueLater } from './later-looks.ts'
import type { HeldBy, Untagging, Way } from './later-looks.ts'
import type { FirstLooks } from './looks.ts'
import { lossesOf } from './looks.ts'
import { putBack } from './put-back.ts'
import type { Loss } from './put-back.ts'
import { createSwap } from './swap.ts'
import { createUntagTrial, TAKES_ALONG } from './untag-trial.ts'
import { doomedIn, SETTLED, write } from './work.ts'
import type { DeleteManifestAction, StepOutcome, UntagAction, Work } from './work.ts'
import { SECOND_LOOK } from './waits.ts'

export interface Untag {
  readonly perform: (action: UntagAction) => Promise<StepOutcome>
  /**
   * Removes one of several tags of a manifest that goes anyway, and looks what became of the manifest: finding
   * that out costs nothing that stays.
   */
  readonly tryOnDoomed: (action: DeleteManifestAction) => Promise<StepOutcome>
  /**
   * The first removals are done, and what else names the manifest is still there, so that several may be
   * removed at once.
   */
  readonly isProven: (action: UntagAction) => boolean
  readonly canTry: () => boolean
  /** To be called at the end: no tag stays on a placeholder without a word. */
  readonly settleLeft: () => Promise<void>
}

/**
 * How one way of removing a tag ended. `no-native`: the registry has no way of its own, and another one may
 * be tried; that took a while, so the tag is looked at again first.
 */
type Removal =
  | { readonly kind: 'answered'; readonly outcome: FinalOutcome }
  | { readonly kind: 'skipped'; readonly note: string }
  | { readonly kind: 'no-native' | 'not-sent' }
  | Extract<StepOutcome, { kind: 'postponed' }>

export interface UntagParts {
  readonly work: Work
  readonly probe: DeleteProbe
  readonly looks: FirstLooks
  readonly holders: Holders
}

/**
 * Makes the function that removes single tags of manifests that stay. What it learns on the way holds for the
 * rest of the repository: that the registry has no such thing, and that the first untag left the siblings
 * alone.
 */
export function createUntag({ work, probe, looks, holders }: UntagParts): Untag {
  const { target, ledger, watch, reading, deps } = work
  const { vendor, reader } = target
  const dates = new Map(work.plan.tags.map(({ tag, age }) => [tag, age?.at ?? null]))
  let noNative: WardenError | null = vendor.capabilities.untag === 'no' ? NO_NATIVE : null
  /** what was seen to stay */
  const proven = new Set<Untagging>()
  const mayPush = () =>
    probe.kind === 'on' || [...ledger.manifests.values()].some(({ status }) => status === 'done')
  const trial = createUntagTrial(work, looks, mayPush)
  const swap = createSwap(work, (tag) => dates.get(tag) ?? null)

  const kindOf = (digest: Digest): HeldBy => (holders.isHeldByTag(digest) ? 'tagged' : 'needed')

  const wayOf = ({ method }: UntagAction): Way =>
    method === 'swap' || (method === 'native-or-swap' && noNative !== null) ? 'swap' : 'native'

  /** Some of what a manifest lists and of what refers to it: who takes one of them along takes all. */
  function familyOf(digest: Digest) {
    const { graph, plan } = work
    const node = graph.nodes.get(digest) ?? -1
    const doomed = doomedIn(plan)
    const some = (nodes: readonly Node[] = []) =>
      nodes
        .flatMap((each) => (graph.stored[each] ? (graph.digests[each] ?? []) : []))
        .filter((each) => !doomed.has(each))
        .slice(0, LOOKED_AT)
    return { children: some(graph.children[node]), referrers: some(graph.referrers[node]) }
  }

  /** What else there is that may go along, of what was not seen to stay. */
  function unproven(action: UntagAction): Untagging[] {
    const way = wayOf(action)
    const { children, referrers } = familyOf(action.digest)
    const kinds: Untagging[] = [`${way} ${kindOf(action.digest)}`]
    if (children.length > 0) kinds.push(`${way} children`)
    if (referrers.length > 0) kinds.push(`${way} referrers`)
    return kinds.filter((kind) => !proven.has(kind))
  }

  /** The first untag is the canary: a registry that takes the manifest along must not get a second one. */
  async function checkSiblings({ tag, digest }: UntagAction, kinds: readonly Untagging[]): Promise<void> {
    const own = lossesOf({ target, reading }, digest).filter(
      (loss) => loss.tag === null || (loss.tag !== tag && !ledger.tags.has(loss.tag)),
    )
    const { children, referrers } = familyOf(digest)
    const family = [...children, ...referrers]
    const losses = [...own, ...family.map((member): Loss => ({ name: member, digest: member, tag: null }))]
    const findLost = async () => {
      const lost = []
      for (const loss of losses) if (await isLost(loss.tag ?? loss.digest)) lost.push(loss)
      return lost
    }
    let lost = await findLost()
    if (lost.length === 0 && (await isLookDueLater(work, kinds))) lost = await findLost()
    for (const kind of kinds) proven.add(kind)
    if (lost.length === 0) return
    const lines = await putBack(target, reading, lost, deps)
    const names = lost.map((loss) => loss.tag ?? loss.digest).join(', ')
    const message =
      `${target.name}: the registry deleted ${names} together with the tag ${tag}, ` +
      `of which only the tag was to be removed. Nothing further is deleted. ${lines.join('; ')}`
    ledger.stop({ kind: 'failed', scope: 'registry', message })
  }

  /** One 404 may come from a replica that lags behind, which is no reason to blame the registry. */
  async function isLost(name: Tag | Digest): Promise<boolean> {
    if ((await reader.head(name)) !== null) return false
    await deps.sleep(SECOND_LOOK)
    return (await reader.head(name)) === null
  }

  async function moveAway(action: UntagAction): Promise<Removal> {
    if (vendor.pushPlaceholder !== undefined && probe.kind === 'on')
      return answered(await swap.perform(action))
    return {
      kind: 'skipped',
      note: 'shared-digest: swap needs a registry that is known to delete manifests',
    }
  }

  /** @param tags all that may go along with this one, for the undo file */
  async function removeNatively(tag: Tag, digest: Digest, tags: readonly Tag[]): Promise<Removal> {
    const outcome = await write(work, { digest, tags }, () => vendor.untag(tag, digest))
    if (outcome?.kind !== 'unsupported') return answered(outcome)
    noNative = outcome.error
    return { kind: 'no-native' }
  }

  /** What is not known of this registry is found out on what is ours, where that is lost as well. */
  async function tryOut(holding: HeldBy, way: Way): Promise<Removal | null> {
    const { untag, holds } = vendor.capabilities
    const isHeldByDigest = holds === 'digest' || holds === 'last-tag'
    const isKnown =
      proven.has(`${way} ${holding}`) ||
      ((way === 'swap' || untag === 'yes') && (holding === 'tagged' || isHeldByDigest))
    if (isKnown) return null
    const shown = await trial.run(holding, way)
    if (shown.kind === 'no-native') noNative = shown.error
    return shown.kind === 'safe' ? null : shown
  }

  /** One try with the way that is known to be right by now. */
  async function tryOnce(action: UntagAction): Promise<Removal | ItemResult> {
    const { tag, digest, method } = action
    if (noNative !== null && method === 'native') return { kind: 'skipped', note: noNative.line }
    const placed = await swap.placed(action)
    if (placed.kind === 'removed') return { status: 'done', note: null }
    if (placed.kind === 'moved') return moved(placed.to)
    if (placed.kind === 'placeholder') return moveAway(action)
    const swaps = wayOf(action) === 'swap'
    const shown = await tryOut(kindOf(digest), wayOf(action))
    if (shown !== null) return shown
    const obstacle = await holders.secure(digest)
    if (obstacle !== null) return { kind: 'skipped', note: obstacle }
    if (swaps && probe.kind === 'on') await vendor.preparePlaceholder?.()
    const current = await watch.resolve(tag)
    // gone after a try whose answer was lost: it was this run, and what went along is to be looked at
    if (current === null) return { status: ledger.doubted.has(action) ? 'done' : 'gone', note: null }
    if (current !== digest) return moved(current)
    return swaps ? moveAway(action) : removeNatively(tag, digest, [tag])
  }

  async function perform(action: UntagAction): Promise<StepOutcome> {
    const { tag } = action
    let removal = await tryOnce(action)
    if ('kind' in removal && removal.kind === 'no-native') removal = await tryOnce(action)
    if ('kind' in removal && removal.kind === 'postponed') return removal
    const result = resultOf(removal, tag)
    if (result === null) return SETTLED
    const error = result.status === 'done' ? await looks.afterTag(tag) : null
    if (error !== null) {
      ledger.settleTag(tag, { status: 'failed', note: error.message })
      return SETTLED
    }
    ledger.settleTag(tag, result)
    if (result.status !== 'done') return SETTLED
    deps.log.info(`${target.name}: removed the tag ${tag}`)
    watch.forget(tag)
    const kinds = unproven(action)
    if (kinds.length > 0) await checkSiblings(action, kinds)
    return SETTLED
  }

  function resultOf(removal: Exclude<Removal, { kind: 'postponed' }> | ItemResult, tag: Tag) {
    if ('status' in removal) return removal
    if (removal.kind === 'answered') return ledger.judge(tag, removal.outcome)
    if (removal.kind === 'not-sent') return null
    // the plan's reason stands: it is what would have to change
    const note = removal.kind === 'skipped' ? removal.note : 'the registry cannot remove a single tag'
    return { status: 'retained', note } as const
  }

  async function tryOnDoomed({ digest, tags }: DeleteManifestAction): Promise<StepOutcome> {
    const [tag] = tags
    const busy = await work.blobs.hold(digest)
    if (busy !== null) return { kind: 'postponed', wait: 0, error: busy }
    if (tag === undefined || ledger.manifests.has(digest) || (await watch.check(digest)) !== null)
      return SETTLED
    for (const each of tags) if ((await watch.resolve(each)) !== digest) return SETTLED
    const removal = await removeNatively(tag, digest, tags)
    if (removal.kind === 'postponed') return removal
    if (removal.kind !== 'answered') return SETTLED
    const result = ledger.judge(tag, removal.outcome)
    if (result === null || result.status !== 'done') {
      if (result !== null) ledger.settleTag(tag, result)
      return SETTLED
    }
    const error = await looks.afterTag(tag)
    ledger.settleTag(tag, error === null ? result : { status: 'failed', note: error.message })
    watch.forget(tag)
    if (error !== null) return SETTLED
    deps.log.info(`${target.name}: removed the tag ${tag}`)
    const isThere = async () => (await reader.head(digest)) !== null
    if (!(await isThere()) || ((await isLookDueLater(work, ['native tagged'])) && !(await isThere())))
      noNative = TAKES_ALONG
    else proven.add('native tagged')
    return SETTLED
  }

  return {
    perform,
    tryOnDoomed,
    isProven: (action) => unproven(action).length === 0,
    settleLeft: async () => {
      await swap.settleLeft()
      await trial.settleLeft()
    },
    canTry: () => noNative === null && !proven.has('native tagged'),
  }
}

/** Children and referrers that the canary looks at, of each kind. */
const LOOKED_AT = 3
const NO_NATIVE = new WardenError('unsupported', 'the registry cannot remove a single tag')

function answered(outcome: DeleteOutcome | null): Removal {
  if (outcome === null) return { kind: 'not-sent' }
  return outcome.kind === 'again'
    ? { kind: 'postponed', wait: outcome.wait, error: outcome.error }
    : { kind: 'answered', outcome }
}
