import type { ErrorKind, WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Cause, PlanAction, PrunePlan } from '../../domain/prune/decision.ts'
import { buildGraph, reach } from '../../domain/prune/graph.ts'
import { fact } from '../../domain/prune/rule.ts'
import type { Inventory } from '../../domain/prune/inventory.ts'
import type { ItemStatus } from '../../domain/prune/outcome.ts'
import type { DeleteOutcome } from '../../domain/prune/ports.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'

/** An answer to a deletion that says how it ended. */
export type FinalOutcome = Exclude<DeleteOutcome, { kind: 'again' }>

/** What became of something that was to go. */
export interface ItemResult {
  readonly status: Exclude<ItemStatus, 'planned'>
  readonly note: string | null
  /** set when it stays after all, for another reason than the plan's */
  readonly cause?: Cause
}

/**
 * Why nothing further is deleted. `partial`: time or rate limit, the next run goes on. `registry`: no other
 * repository there needs to be tried, because deletes are off or a tag took others with it. `run`: none
 * anywhere.
 */
export interface Stop {
  readonly kind: 'partial' | 'failed'
  readonly scope: 'repository' | 'registry' | 'run'
  readonly message: string
}

/** How far the deletions in one repository have come. */
export interface Ledger {
  readonly tags: ReadonlyMap<Tag, ItemResult>
  readonly manifests: ReadonlyMap<Digest, ItemResult>
  readonly problems: readonly string[]
  /** Actions that were sent and whose answer did not say what they did; the last look tells. */
  readonly doubted: ReadonlySet<PlanAction>
  readonly doubt: (action: PlanAction) => void
  /** When the last write was sent; null: none was. */
  readonly sentAt: () => Timestamp | null
  readonly noteSent: (at: Timestamp) => void
  /** Adds a line for people: something went wrong. */
  readonly report: (problem: string) => void
  readonly stopped: () => Stop | null
  readonly stop: (stop: Stop) => void
  /** The first word on an item is the last. */
  readonly settleTag: (tag: Tag, result: ItemResult) => void
  readonly settleManifest: (digest: Digest, result: ItemResult) => void
  /** A look showed that the first word was not true. */
  readonly reviseTag: (tag: Tag, result: ItemResult) => void
  readonly reviseManifest: (digest: Digest, result: ItemResult) => void
  /** A manifest stays, and with it all that it needs or that belongs to it. */
  readonly retain: (digest: Digest, result: ItemResult) => void
  /**
   * The result that an outcome is, unless it ends the run of this repository, too: then null where nothing
   * was tried.
   */
  readonly judge: (what: string, outcome: FinalOutcome) => ItemResult | null
}

/** Whoever tries again may find that it works. */
export const PASSING: ReadonlySet<ErrorKind> = new Set(['network', 'server', 'deadline', 'rate-limit'])

/**
 * So many failures one after the other are not an accident: the rest would fail as well, after all the
 * retries.
 */
const FAILURES_IN_A_ROW = 5

/** `timeIsUp` tells the end of `max-duration`, after which the next run goes on, from other deadlines. */
export function createLedger(inventory: Inventory, plan: PrunePlan, timeIsUp: () => boolean): Ledger {
  const tags = new Map<Tag, ItemResult>()
  const manifests = new Map<Digest, ItemResult>()
  const problems: string[] = []
  const doomed = new Set(
    plan.manifests.flatMap(({ digest, decision }) => (decision === 'delete' ? [digest] : [])),
  )
  const doubted = new Set<PlanAction>()
  let stop: Stop | null = null
  let failures = 0
  let sentAt: Timestamp | null = null
  let graph: ReturnType<typeof buildGraph> | null = null

  function settleTag(tag: Tag, result: ItemResult): void {
    if (!tags.has(tag)) tags.set(tag, result)
  }

  function settleManifest(digest: Digest, result: ItemResult): void {
    if (!manifests.has(digest)) manifests.set(digest, result)
  }

  function reviseManifest(digest: Digest, result: ItemResult): void {
    manifests.set(digest, result)
    for (const entry of plan.tags) {
      if (entry.digest === digest && tags.get(entry.tag)?.status === 'done') tags.set(entry.tag, result)
    }
  }

  function retain(digest: Digest, result: ItemResult): void {
    settleManifest(digest, result)
    graph ??= buildGraph(inventory)
    const start = graph.nodes.get(digest)
    const reached = reach(graph, start === undefined ? [] : [start])
    for (const [member, node] of graph.nodes) {
      const step = reached.cameBy(node)
      const from = step === null ? undefined : graph.digests[step.from]
      if (step === null || from === undefined || !doomed.has(member)) continue
      const cause: Cause = { reason: step.edge, decidedBy: { digest: from } }
      settleManifest(member, { status: 'retained', note: null, cause })
    }
  }

  function stopWith(next: Stop): void {
    // deletions that were under way together fail together
    if (stop !== null) return
    stop = next
    if (next.kind === 'failed') problems.push(next.message)
  }

  function fail(what: string, message: string): ItemResult {
    failures += 1
    if (failures >= FAILURES_IN_A_ROW) {
      const told = `${failures} deletions in a row failed, the last one of ${what}: no further one is tried`
      stopWith({ kind: 'failed', scope: 'repository', message: told })
    }
    problems.push(message)
    return { status: 'failed', note: message }
  }

  function judge(what: string, { kind, error }: FinalOutcome): ItemResult | null {
    if (error === null) {
      failures = 0
      return { status: kind, note: null }
    }
    switch (kind) {
      case 'referenced':
      case 'locked':
        return retained(error.message)
      case 'denied':
        stopWith({ kind: 'failed', scope: 'repository', message: error.line })
        return { status: 'failed', note: error.message }
      case 'unsupported':
        stopWith({ kind: 'failed', scope: 'registry', message: error.line })
        return { status: 'failed', note: error.message }
      default:
    }
    if (!endsEarly(error, timeIsUp)) return fail(what, error.line)
    stopWith({ kind: 'partial', scope: 'registry', message: error.line })
    return null
  }

  return {
    tags,
    manifests,
    problems,
    doubted,
    report: (problem) => void problems.push(problem),
    doubt: (action) => void doubted.add(action),
    sentAt: () => sentAt,
    noteSent: (at) => {
      sentAt = at
    },
    stopped: () => stop,
    stop: stopWith,
    settleTag,
    settleManifest,
    reviseTag: (tag, result) => void tags.set(tag, result),
    reviseManifest,
    retain,
    judge,
  }
}

/** Whether an error means that time or the registry's patience ran out, which the next run has again. */
export function endsEarly({ kind }: WardenError, timeIsUp: () => boolean): boolean {
  // a server that stopped responding ends a request in the same way, and is a failure
  return kind === 'rate-limit' || (kind === 'deadline' && timeIsUp())
}

/**
 * The registry keeps it, which is not a failure: it says so of what is locked, or needed by something that we
 * cannot see.
 */
function retained(message: string): ItemResult {
  return {
    status: 'retained',
    note: message,
    cause: { reason: 'undeletable', decidedBy: { rule: fact(message) } },
  }
}
