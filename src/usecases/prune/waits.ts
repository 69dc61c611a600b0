/*
 * How long a registry that is late is waited for, in milliseconds. A replica may lag behind, and a deletion may be
 * finished, or take more along, after it was answered.
 */

/** Until something that was not found, or that is about to go with a deletion, is looked at once more. */
export const SECOND_LOOK = 2_000

/** Before each look at the first thing of its kind that was deleted: it has to be gone at one of them. */
export const UNTIL_GONE = [0, 500, 2_000, 4_000] as const

/** Until what was deleted, and is still there when all is validated, is looked at once more. */
export const LAST_LOOK = 3_000

/** Before each look at what was named and not found when the repository was read. */
export const UNTIL_FOUND = [1_000, 3_000, 6_000] as const

/** How often one deletion is asked for where the registry asks to wait or does not say what it did. */
export const MAX_TRIES = 5
const FIRST_RETRY = 250

/** Before a deletion is asked for once more: twice as long each time, and no less than the registry asks for. */
export function beforeRetry(tries: number, asked: number): number {
  return Math.max(asked, FIRST_RETRY * 2 ** tries)
}
