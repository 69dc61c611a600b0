import { WardenError } from '../../domain/errors.ts'
import { shortDigest } from '../../domain/names/digest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Cause } from '../../domain/prune/decision.ts'
import { fact } from '../../domain/prune/rule.ts'
import { wholeAgain } from './broken.ts'
import type { FinalOutcome, ItemResult } from './ledger.ts'
import type { FirstLooks } from './looks.ts'
import { putBack } from './put-back.ts'
import type { Loss } from './put-back.ts'
import { DEFERRED, doomedIn, keptChildren, settle, SETTLED, write } from './work.ts'
import type { DeleteManifestAction, DeleteTagAction, StepOutcome, Work } from './work.ts'

export interface DeleteSteps {
  /** Where manifests with tags cannot be deleted, each of their tags goes first. */
  readonly deleteTag: (action: DeleteTagAction) => Promise<StepOutcome>
  readonly deleteManifest: (action: DeleteManifestAction) => Promise<StepOutcome>
}

/** So many of them tell what to look at. */
const HOLDERS_NAMED = 3

type Postponed = Extract<StepOutcome, { kind: 'postponed' }>

/**
 * Makes the steps that delete what goes for good. What they learn holds for the rest of the repository:
 * whether tags outlive the digest that they named.
 */
export function createDeleteSteps(work: Work, looks: FirstLooks): DeleteSteps {
  const { target, ledger, watch, deps } = work
  const deferred = new Set<Digest>()
  let keepsTags: boolean | null = null

  async function deleteTag({ tag, digest }: DeleteTagAction): Promise<StepOutcome> {
    const current = await watch.resolve(tag)
    if (current === null) return SETTLED
    if (current !== digest) {
      ledger.settleTag(tag, moved(current))
      return SETTLED
    }
    const outcome = await removeTag(tag, digest)
    // the registry will say at the manifest what it thinks of its tags
    if (outcome === null || outcome.kind === 'unsupported') return SETTLED
    if (outcome.kind === 'postponed') return outcome
    const result = ledger.judge(tag, outcome)
    if (result !== null) ledger.settleTag(tag, result)
    return SETTLED
  }

  /** Deletes a tag by its name, and looks whether the first one is gone; null: not sent. */
  async function removeTag(tag: Tag, digest: Digest): Promise<FinalOutcome | Postponed | null> {
    const outcome = await write(work, { digest, tags: [tag] }, () => target.vendor.untag(tag, digest))
    if (outcome === null) return null
    if (outcome.kind === 'again') return { kind: 'postponed', wait: outcome.wait, error: outcome.error }
    if (outcome.kind !== 'done') return outcome
    const error = await looks.afterTag(tag)
    if (error !== null) return { kind: 'failed', error }
    deps.log.info(`${target.name}: removed the tag ${tag}`)
    watch.forget(tag)
    return outcome
  }

  async function deleteManifest(action: DeleteManifestAction): Promise<StepOutcome> {
    const { digest } = action
    // kept because of a parent that could not go
    const known = ledger.manifests.get(digest)
    if (known !== undefined) return settle(work, action, known)
    const busy = await work.blobs.hold(digest)
    if (busy !== null) return { kind: 'postponed', wait: 0, error: busy }
    const needed = (await watch.check(digest)) ?? (await neededNow(action))
    if (ledger.stopped() !== null) return SETTLED
    if (needed !== null) {
      const note = 'it is in use since the plan was made'
      return settle(work, action, { status: 'retained', note, cause: needed })
    }
    const whole = await wholeAgain(work, digest)
    if (whole !== null) return settle(work, action, whole)
    if (target.vendor.capabilities.deletesChildren && keptChildren(work, digest).length > 0)
      return settle(work, action, TAKES_CHILDREN)
    const tags = action.tags.filter((tag) => !ledger.tags.has(tag))
    const sent = await write(work, { digest, tags }, () => target.vendor.deleteManifest(digest))
    if (sent === null) return SETTLED
    if (sent.kind === 'again') return { kind: 'postponed', wait: sent.wait, error: sent.error }
    if (sent.kind === 'referenced' && isHeldByReferrers(digest)) return DEFERRED
    if (sent.kind === 'referenced' && deferred.has(digest)) await returnReferrers(digest)
    const outcome = sent.kind === 'referenced' && tags.length > 1 ? await tagByTag(action, sent) : sent
    if (outcome.kind === 'postponed') return outcome
    return finish(action, outcome.kind === 'gone' ? await goneOr(action) : outcome)
  }

  async function finish(action: DeleteManifestAction, outcome: FinalOutcome): Promise<StepOutcome> {
    // an earlier try may have done it, whose answer was lost
    const isOurs = outcome.kind === 'done' || (outcome.kind === 'gone' && ledger.doubted.has(action))
    const isGone = outcome.kind === 'done' || outcome.kind === 'gone'
    const error = isGone ? await looks.afterManifest(action, isOurs) : null
    const judged = ledger.judge(action.digest, error === null ? outcome : { kind: 'failed', error })
    const result = outcome.kind === 'referenced' ? withHolders(judged, action.digest) : judged
    if (result?.status === 'done') {
      // counted only when it is gone
      for (const tag of action.tags) {
        const left = await removeLeftTag(tag, action.digest)
        if (left !== null) ledger.settleTag(tag, left)
        watch.forget(tag)
      }
    }
    return settle(work, action, result)
  }

  /** A refusal seldom says what needs the manifest; the lists that were read may. */
  function withHolders(result: ItemResult | null, digest: Digest): ItemResult | null {
    const { graph } = work
    const node = graph.nodes.get(digest)
    if (result === null || result.note === null || node === undefined) return result
    const left = (nodes: readonly number[] = []) =>
      nodes.flatMap((each) => {
        const name = graph.digests[each]
        return name === undefined || ledger.manifests.get(name)?.status === 'done' ? [] : [shortDigest(name)]
      })
    const holders = [
      ...left(graph.children.flatMap((children, parent) => (children.includes(node) ? [parent] : []))).map(
        (name) => `the index ${name}`,
      ),
      ...left(graph.referrers[node]).map((name) => `the referrer ${name}`),
    ].slice(0, HOLDERS_NAMED)
    if (holders.length === 0) return result
    const note = `held by ${holders.join(', ')}: ${result.note}`
    // the refusal is the reason already, and would be told twice
    if (result.cause?.reason !== 'undeletable') return { ...result, note }
    return { ...result, note, cause: { ...result.cause, decidedBy: { rule: fact(note) } } }
  }

  /** Some registries copy a manifest to each of its names: the tags outlive the digest. */
  async function removeLeftTag(tag: Tag, digest: Digest): Promise<ItemResult | null> {
    if (keepsTags === false || ledger.tags.has(tag)) return null
    const current = await target.reader.head(tag, 'gone')
    keepsTags ??= current === digest
    if (current !== digest) return null
    const outcome = await removeTag(tag, digest)
    if (outcome === null) return null
    if (outcome.kind !== 'postponed' && outcome.kind !== 'unsupported') return ledger.judge(tag, outcome)
    return ledger.judge(tag, { kind: 'failed', error: outcome.error })
  }

  /** What refers to it goes as well, and this registry wants that gone first. */
  function isHeldByReferrers(digest: Digest): boolean {
    if (deferred.has(digest)) return false
    deferred.add(digest)
    const { graph, plan } = work
    const referrers = graph.referrers[graph.nodes.get(digest) ?? -1] ?? []
    return referrers.some((node) => {
      const referrer = graph.digests[node]
      return referrer !== undefined && doomedIn(plan).has(referrer) && !ledger.manifests.has(referrer)
    })
  }

  /** They went for the sake of their subject, and it stays all the same. */
  async function returnReferrers(subject: Digest): Promise<void> {
    const { graph, reading } = work
    const nodes = graph.referrers[graph.nodes.get(subject) ?? -1] ?? []
    const went = nodes.flatMap((node) => graph.digests[node] ?? []).filter(isDeleted)
    if (went.length === 0) return
    const losses = went.flatMap((digest): Loss[] => [
      { name: `${target.name}@${digest}`, digest, tag: null },
      ...work.plan.tags.flatMap(({ tag, digest: named }) =>
        named === digest ? [{ name: `${target.name}:${tag}`, digest, tag }] : [],
      ),
    ])
    const lines = await putBack(target, reading, losses, deps)
    ledger.report(
      `the registry does not delete ${subject}, though nothing refers to it any more: ${lines.join('; ')}`,
    )
    for (const digest of went) {
      if ((await target.reader.head(digest)) === null) continue
      const note = 'it was put back: what it refers to stays'
      ledger.reviseManifest(digest, {
        status: 'retained',
        note,
        cause: { reason: 'referrer-of', decidedBy: { digest: subject } },
      })
    }
  }

  function isDeleted(digest: Digest): boolean {
    return ledger.manifests.get(digest)?.status === 'done'
  }

  /** Where a digest with several tags cannot be deleted at once, they go one by one, and the rest last. */
  async function tagByTag(
    { digest, tags }: DeleteManifestAction,
    refused: FinalOutcome,
  ): Promise<FinalOutcome | Postponed> {
    for (const tag of tags) {
      if (ledger.tags.has(tag)) continue
      const outcome = (await watch.resolve(tag)) === digest ? await removeTag(tag, digest) : null
      if (outcome === null || outcome.kind === 'unsupported') return refused
      if (outcome.kind === 'postponed') return outcome
      const result = ledger.judge(tag, outcome)
      if (result !== null) ledger.settleTag(tag, result)
      if (outcome.error !== null) return refused
    }
    // with its last name the manifest may have gone
    if ((await target.reader.head(digest)) === null) return { kind: 'done', error: null }
    if (watch.holds(digest) !== null) return refused
    const outcome = await write(work, { digest, tags: [] }, () => target.vendor.deleteManifest(digest))
    if (outcome === null) return refused
    return outcome.kind === 'again'
      ? { kind: 'postponed', wait: outcome.wait, error: outcome.error }
      : outcome
  }

  /**
   * Not found, though a tag still names it: where only the tag is left, it goes by its name; else nothing was
   * deleted, and what the manifest needs must not be either.
   */
  async function goneOr({ digest, tags }: DeleteManifestAction): Promise<FinalOutcome> {
    for (const tag of tags) {
      if (ledger.tags.has(tag) || (await watch.resolve(tag)) !== digest) continue
      if ((await target.reader.head(digest)) === null) {
        const left = await removeLeftTag(tag, digest)
        if (left?.status === 'done' || left?.status === 'gone') continue
      }
      const message = `${target.name}: the registry does not find ${digest}, which ${tag} still names`
      return { kind: 'failed', error: new WardenError('protocol', message, { advice: 'Run again later' }) }
    }
    return { kind: 'gone', error: null }
  }

  /**
   * Resolves the tags of a manifest right before it goes. One that was moved away stays, and may need what is
   * below.
   */
  async function neededNow({ digest, tags }: DeleteManifestAction): Promise<Cause | null> {
    for (const tag of tags) {
      const current = await watch.resolve(tag)
      if (current === null) ledger.settleTag(tag, { status: 'gone', note: null })
      else if (current !== digest) ledger.settleTag(tag, moved(current))
    }
    return watch.holds(digest)
  }

  return { deleteTag, deleteManifest }
}

const CHILDREN_NEEDED =
  'this registry deletes the platform images of an index along with it, and others need some of them'
const TAKES_CHILDREN: ItemResult = {
  status: 'retained',
  note: CHILDREN_NEEDED,
  cause: { reason: 'undeletable', decidedBy: { rule: fact(CHILDREN_NEEDED) } },
}

/** A tag that another push moved in the meantime is not what the plan was made for. */
export function moved(digest: Digest): ItemResult {
  const note = `it was moved to ${digest} since the plan was made`
  return { status: 'retained', note, cause: { reason: 'undeletable', decidedBy: { rule: fact(note) } } }
}
