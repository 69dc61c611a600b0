import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Clock } from '../../domain/ports.ts'
import type { Cause, Decider, PrunePlan } from '../../domain/prune/decision.ts'
import { buildGraph, reach } from '../../domain/prune/graph.ts'
import type { Inventory, TagEntry } from '../../domain/prune/inventory.ts'
import { PROBE_PREFIX } from '../../domain/prune/placeholder.ts'
import type { PruneTarget } from '../../domain/prune/ports.ts'
import type { HeldBlobs } from './held-blobs.ts'
import type { Ledger } from './ledger.ts'
import type { RepositoryReading } from './read-inventory.ts'
import { listTags } from './tag-lookups.ts'

/** Watches a repository while its manifests are deleted: others push to it at the same time. */
export interface RepositoryWatch {
  /**
   * What a tag points to now; when that is not what was planned with, all that it needs is kept from now on.
   */
  readonly resolve: (tag: Tag) => Promise<Digest | null>
  /** Tells that the tag was removed: should it come back, it is a new one. */
  readonly forget: (tag: Tag) => void
  /** Why a digest that was to be deleted has to stay after all; null when nothing was seen that needs it. */
  readonly check: (digest: Digest) => Promise<Cause | null>
  /** Whatever is asked next is looked at again: a deletion is tried again. */
  readonly expire: () => void
  /** The same from what is known already. */
  readonly holds: (digest: Digest) => Cause | null
  /** What was seen of tags since the plan was made. */
  readonly sightings: Sightings
}

/** What a delete may have taken along unseen is told by where tags were seen last. */
export interface Sightings {
  /** tags that were added or moved, with what they named then */
  readonly moved: ReadonlyMap<Tag, Digest>
  /** tags that were seen to be gone, with how many results the ledger had when they were last there */
  readonly vanished: ReadonlyMap<Tag, number>
  /** how many results the ledger had when all other tags were last there */
  readonly seenAt: () => number
}

export interface RepositoryWatchParts {
  readonly target: PruneTarget
  readonly reading: RepositoryReading
  readonly plan: PrunePlan
  readonly concurrency: number
  readonly now: Clock
  /** Told once of each tag that was to stay and is not there any more. */
  readonly onLost: (tag: Tag) => void
  readonly blobs: Pick<HeldBlobs, 'areFreed'>
  readonly ledger: Pick<Ledger, 'manifests'>
}

/**
 * Looking around again may take one part in so many of the time, as long as it would take with so many
 * requests at the same time: more at the same time take less time, and are no fewer.
 */
const SHARE = 10
const AT_ONCE = 16
/** Milliseconds: untagged manifests are deleted by a list that was read after the plan, and is no older. */
const UNTAGGED_AGE = 60_000
/** Milliseconds: a list that is read this quickly is read more often, though that takes up to a third of the time. */
const QUICK_LIST = 2_000
/** Milliseconds: twice as long is no longer than a delete takes; an older list hides too much. */
const INSTANT_LIST = 100

/**
 * Before the first manifest goes, the tags are listed again and each is resolved again, also those that are
 * to go: somebody may have moved one to another manifest that is to go. Later on, as often as a tenth of the
 * time allows: before each deletion in a small repository, now and then in one of 20,000 tags. A list that is read
 * quickly is read more often: what is tagged between two of them onto a manifest that is to go is seen too late.
 */
export function createRepositoryWatch({
  target,
  reading,
  plan,
  concurrency,
  now,
  onLost,
  blobs,
  ledger,
}: RepositoryWatchParts): RepositoryWatch {
  const { reader, vendor } = target
  const { inventory, crawl } = reading
  /** whoever deletes them resolves them right before, too */
  const leaving = new Set(
    plan.tags.flatMap(({ tag, decision }) => (decision === 'delete' || decision === 'untag' ? [tag] : [])),
  )
  const positions = new Map<Tag, Digest>()
  for (const [tag, entry] of inventory.tags) if (entry.state === 'resolved') positions.set(tag, entry.digest)
  const held = new Map<Digest, Cause>()
  const moved = new Map<Tag, Digest>()
  const vanished = new Map<Tag, number>()
  let seenAt = 0
  let lastTurn: Promise<unknown> = Promise.resolve()

  /**
   * Everything that the tag needs at its new place stays. Where that cannot be read, nothing may be deleted.
   */
  async function hold(tag: Tag): Promise<Digest | null> {
    const entry = (await crawl.resolve([tag])).get(tag)
    if (entry?.state === 'unreadable') throw new WardenError('protocol', `${tag} was moved; ${entry.cause}`)
    if (entry?.state !== 'resolved') {
      if ((await reader.head(tag)) === null) return null
      throw new WardenError('protocol', `${tag} was moved, and what it names now is not found`)
    }
    // some registries name another digest in a header than the one that their content has
    if (entry.digest === positions.get(tag)) return entry.digest
    const named: TagEntry = { ...entry, ages: [], locked: null }
    await holdFrom(entry.digest, { tag }, new Map([...inventory.tags, [tag, named]]))
    positions.set(tag, entry.digest)
    moved.set(tag, entry.digest)
    leaving.delete(tag)
    return entry.digest
  }

  async function holdFrom(top: Digest, decidedBy: Decider, tags: Inventory['tags']): Promise<void> {
    await crawl.follow([top], 'again')
    const graph = buildGraph({ ...inventory, tags, manifests: crawl.manifests })
    // a plan is only carried out when everything could be read, so what is unread now was found on the way
    // here
    const unread = [...crawl.manifests.values()].find(({ state }) => state === 'unreadable')
    if (unread !== undefined || graph.unread.length > 0) {
      const name = 'tag' in decidedBy ? decidedBy.tag : top
      throw new WardenError('protocol', `${name} was pushed, and not all that it needs could be read`)
    }
    const start = graph.nodes.get(top)
    const reached = reach(graph, start === undefined ? [] : [start], 'keeping')
    for (const [digest, node] of graph.nodes) {
      const reason = digest === top ? 'shared-digest' : 'child-of'
      if (reached.has(node) && !held.has(digest)) held.set(digest, { reason, decidedBy })
    }
  }

  /**
   * One at a time: what one has read on its way must not look to another as if it had been read to the end.
   */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = lastTurn.then(work)
    lastTurn = turn.catch(() => undefined)
    return turn
  }

  async function resolve(tag: Tag): Promise<Digest | null> {
    const digest = await reader.head(tag)
    return digest === null || digest === positions.get(tag) ? digest : inTurn(() => hold(tag))
  }

  /**
   * What was not found may be there after all: pushed since, or the answer was wrong. Then it needs what it
   * needs.
   */
  async function lookAgain(digest: Digest): Promise<void> {
    if ((await reader.head(digest)) === null) return
    await inTurn(() => holdFrom(digest, { digest }, inventory.tags))
  }

  const tagged = new Set(positions.values())
  const seenUntagged = new Set(inventory.manifests.keys())
  /** An untagged index that was pushed since the vendor's list was read may need what is untagged and old. */
  const listUntagged = recurring(
    now,
    async () => {
      const listing = await vendor.list?.()
      if (listing === undefined) return
      // one that cannot be read any more hides what was pushed since
      const [doubt = null] = inventory.doubts?.length ? [] : (listing.doubts ?? [])
      if (!listing.complete || doubt !== null) {
        const why = doubt ?? `${target.name}: the list of untagged manifests ended early`
        throw new WardenError('protocol', why, { advice: 'Run again later' })
      }
      for (const digest of listing.untagged) {
        if (seenUntagged.has(digest)) continue
        await inTurn(() => holdFrom(digest, { digest }, inventory.tags))
        seenUntagged.add(digest)
      }
    },
    () => UNTAGGED_AGE,
  )
  /** removed while the list under way was read: an earlier page may show them, and the next list tells */
  let removed = new Set<Tag>()
  /** a list may lag behind by more than that */
  const everRemoved = new Set<Tag>()
  const lookFor = async (tag: Tag) => {
    // another prune's trial comes and goes
    if (tag.startsWith(PROBE_PREFIX)) return
    const isKept = positions.has(tag)
    if ((await resolve(tag)) !== null || leaving.has(tag) || everRemoved.has(tag)) return
    if (!vanished.has(tag)) vanished.set(tag, seenAt)
    if (isKept && positions.delete(tag)) onLost(tag)
  }
  const list = recurring(
    now,
    async () => {
      removed = new Set()
      const begun = ledger.manifests.size
      const tags = await listTags(reader)
      const names = new Set(tags)
      const added = tags.filter((tag) => !positions.has(tag) && !removed.has(tag))
      const absent = [...positions.keys()].filter((tag) => !names.has(tag) && !leaving.has(tag))
      await pMap([...added, ...absent], lookFor, { concurrency })
      seenAt = begun
    },
    // what was pushed over something that goes may be lost for good there
    (took) => (blobs.areFreed() ? 0 : listAge(took)),
  )
  const missing = [...inventory.manifests].flatMap(([digest, { state }]) =>
    state === 'missing' ? [digest] : [],
  )
  let missed: Promise<unknown> | null = null
  const patrol = recurring(
    now,
    async () => {
      const { size } = positions
      const begun = ledger.manifests.size
      await pMap(positions.keys(), lookFor, { concurrency })
      seenAt = begun
      return Math.max(1, Math.ceil(size / AT_ONCE) / Math.max(1, Math.ceil(size / concurrency)))
    },
    (took) => SHARE * took,
  )

  return {
    resolve,
    forget: (tag) => {
      positions.delete(tag)
      moved.delete(tag)
      removed.add(tag)
      everRemoved.add(tag)
    },
    check: async (digest) => {
      await (missed ??= pMap(missing, lookAgain, { concurrency }))
      await patrol()
      if (inventory.capabilities.listsUntagged && !tagged.has(digest)) await listUntagged()
      // last, since it takes no time, and resolving every tag may take minutes
      await list()
      return held.get(digest) ?? null
    },
    expire: () => {
      patrol.expire()
      list.expire()
      listUntagged.expire()
    },
    holds: (digest) => held.get(digest) ?? null,
    sightings: { moved, vanished, seenAt: () => seenAt },
  }
}

/** Whoever asks while a slow list is under way shares it, so that four deletes at a time need one. */
function listAge(took: number): number {
  if (took > QUICK_LIST) return SHARE * took
  return took < INSTANT_LIST ? 2 * took : 0
}

/**
 * Does it when it was last begun longer ago than `age` says of the milliseconds that it took; all who ask meanwhile
 * share one. The work may say how many times the time that it took it counts for.
 */
function recurring(now: Clock, work: () => Promise<number | void>, age: (took: number) => number) {
  let underWay: Promise<void> | null = null
  let due = -Infinity
  const run = async () => {
    const begun = now()
    const times = (await work()) ?? 1
    due = begun + age(times * (now() - begun))
  }
  const look = () => {
    if (underWay !== null) return underWay
    if (now() < due) return Promise.resolve()
    underWay = run().finally(() => {
      underWay = null
    })
    return underWay
  }
  const expire = () => {
    due = -Infinity
  }
  return Object.assign(look, { expire })
}
