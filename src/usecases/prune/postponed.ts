import type { WardenError } from '../../domain/errors.ts'
import type { DeleteOutcome } from '../../domain/prune/ports.ts'

/**
 * Thrown where the registry asks to wait before a deletion: after that, everything is looked at again before
 * it is asked for once more. A tag that was pushed meanwhile is not what the deletion was for.
 */
export class Postponed extends Error {
  override readonly name = 'Postponed'
  /** milliseconds */
  readonly wait: number
  readonly reason: WardenError

  constructor(wait: number, reason: WardenError) {
    super(reason.message, { cause: reason })
    this.wait = wait
    this.reason = reason
  }
}

/** @throws Postponed for an outcome of kind `again` */
export function orPostponed(outcome: DeleteOutcome): DeleteOutcome {
  if (outcome.kind === 'again') throw new Postponed(outcome.wait, outcome.error)
  return outcome
}
