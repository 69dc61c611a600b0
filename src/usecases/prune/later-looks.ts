import type { Work } from './work.ts'
import { SECOND_LOOK } from './waits.ts'

/** In which way a tag is removed, and what that may take along. */
export type Untagging = `${Way} ${HeldBy | 'children' | 'referrers'}`
export type Way = 'native' | 'swap'
/** What else keeps the manifest whose tag is removed: another tag, or an index or a subject that needs it. */
export type HeldBy = 'tagged' | 'needed'

/** What a deletion may take along; the first two with a manifest. */
export type TakenAlong = 'children' | 'elsewhere' | Untagging

/**
 * Waits before what stayed is looked at once more, on a registry whose kind is not known; true where that is to
 * be done, which is once in a run for each registry and each kind of thing that may go along.
 */
export async function isLookDueLater(
  { target, deps }: Pick<Work, 'target' | 'deps'>,
  kinds: readonly TakenAlong[],
): Promise<boolean> {
  const keys = kinds.map((kind) => `${target.origin} ${kind}`).filter((key) => !deps.lookedLater?.has(key))
  if (target.vendor.capabilities.untag !== 'unknown' || keys.length === 0) return false
  for (const key of keys) deps.lookedLater?.add(key)
  await deps.sleep(SECOND_LOOK)
  return true
}

/**
 * Waits until what the last deletion took along is gone, before all is validated: only where the run deleted
 * something that could take along what stays, on a registry whose kind is not known, and once there.
 */
export async function waitForLast({
  target,
  ledger,
  deps,
}: Pick<Work, 'target' | 'ledger' | 'deps'>): Promise<void> {
  const lookedAt = [...(deps.lookedLater ?? [])].filter((key) => key.startsWith(`${target.origin} `))
  const key = `${target.origin} validation`
  const last = ledger.sentAt()
  if (last === null || lookedAt.length === 0 || lookedAt.includes(key)) return
  deps.lookedLater?.add(key)
  const left = last + SECOND_LOOK - deps.now()
  if (left > 0) await deps.sleep(Math.min(left, SECOND_LOOK))
}
