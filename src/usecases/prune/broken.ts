import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { ItemResult } from './ledger.ts'
import { listTags } from './tag-lookups.ts'
import { SETTLED } from './work.ts'
import type { StepOutcome, Work } from './work.ts'

const THERE_AGAIN: ItemResult = { status: 'retained', note: 'what was missing of it is there again' }

/**
 * Looks once more, right before a manifest goes because it is broken, for what is missing of it; null: it is
 * still missing, or nothing of it ever was.
 */
export async function wholeAgain(work: Work, digest: Digest): Promise<ItemResult | null> {
  const { plan, reading, target, deps } = work
  const decision = plan.manifests.find((manifest) => manifest.digest === digest)
  if (decision?.reason !== 'broken') return null
  const { manifests } = reading.inventory
  const below = new Set([digest])
  for (const name of below) {
    const entry = manifests.get(name)
    if (entry?.state === 'stored') for (const child of entry.children) below.add(child)
  }
  const missing = [...below].filter((name) => manifests.get(name)?.state === 'missing')
  const found = await pMap(missing, (name) => target.reader.head(name), { concurrency: deps.concurrency })
  return found.some((each) => each !== null) ? THERE_AGAIN : null
}

/** Deletes a listed tag by its name, unless it names something by now. There is nothing to put back. */
export async function deleteGhost(work: Work, tag: Tag): Promise<StepOutcome> {
  const { ledger, watch, target, deps } = work
  if ((await watch.resolve(tag)) !== null) {
    ledger.settleTag(tag, THERE_AGAIN)
    return SETTLED
  }
  if (ledger.stopped() !== null || deps.timeIsUp()) return SETTLED
  const outcome = await target.vendor.untag(tag, null)
  if (outcome.kind === 'again') return { kind: 'postponed', wait: outcome.wait, error: outcome.error }
  if (outcome.kind === 'unsupported') {
    const note = 'this registry cannot delete a tag whose manifest is gone'
    ledger.settleTag(tag, { status: 'retained', note })
    return SETTLED
  }
  const result = ledger.judge(tag, outcome)
  if (result !== null) ledger.settleTag(tag, result)
  if (result?.status === 'done') deps.log.info(`${target.name}: removed the tag ${tag}, which named nothing`)
  return SETTLED
}

/** No look at a tag that names nothing tells whether it is gone; the list does. */
export async function proveGhosts({ ledger, target }: Work, tags: readonly Tag[]): Promise<void> {
  const went = tags.filter((tag) => ledger.tags.get(tag)?.status === 'done')
  if (went.length === 0) return
  const listed = await listTags(target.reader).catch((error: unknown) => {
    if (!(error instanceof WardenError)) throw error
    ledger.report(`${target.name}: it is not known whether ${went.join(', ')} went: ${error.message}`)
    return []
  })
  const names = new Set(listed)
  for (const tag of went.filter((each) => names.has(each))) {
    const note = 'the registry said that it removed the tag, and still lists it'
    ledger.reviseTag(tag, { status: 'failed', note })
    ledger.stop({ kind: 'failed', scope: 'registry', message: `${target.name}: ${tag}: ${note}` })
  }
}
