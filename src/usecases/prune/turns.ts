import { WardenError } from '../../domain/errors.ts'
import type { PruneReader, PruneTarget } from '../../domain/prune/ports.ts'

/** One repository among those that are read at the same time. */
export interface Turn {
  readonly target: PruneTarget
  /** It was given up, so that what was read before it can still be pruned. */
  readonly isGivenUp: () => boolean
  /** From here on its reads wait for no other repository. */
  readonly end: () => void
}

/**
 * Lets repositories be read at the same time. Requests of an earlier one go first: several large ones would
 * otherwise all be half read when time is up, and none of them pruned, tonight and every night.
 * @param concurrency requests at the same time, of all repositories together
 * @param isTimeToDelete whether all but the first that is still being read are given up
 */
export function createTurns(
  concurrency: number,
  isTimeToDelete: () => boolean,
): (target: PruneTarget, position: number) => Turn {
  const active = new Set<number>()
  const waiting = new Map<number, (() => void)[]>()
  let free = concurrency

  function release(): void {
    const [position, queue = []] = [...waiting].toSorted(([a], [b]) => a - b)[0] ?? []
    if (position === undefined) {
      free += 1
      return
    }
    const next = queue.shift()
    if (queue.length === 0) waiting.delete(position)
    next?.()
  }

  function place(position: number): Promise<void> {
    if (free > 0) {
      free -= 1
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      waiting.set(position, [...(waiting.get(position) ?? []), resolve])
    })
  }

  return (target, position) => {
    let isGivenUp = false
    active.add(position)
    const inTurn =
      <A extends unknown[], R>(ask: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        if (!active.has(position)) return ask(...given)
        await place(position)
        try {
          isGivenUp ||= position > Math.min(...active) && isTimeToDelete()
          if (isGivenUp) throw new WardenError('deadline', `${target.name} is not read any further`)
          return await ask(...given)
        } finally {
          release()
        }
      }
    return {
      target: { ...target, reader: withReads(target.reader, inTurn) },
      isGivenUp: () => isGivenUp,
      end: () => void active.delete(position),
    }
  }
}

type Wrap = <A extends unknown[], R>(ask: (...given: A) => Promise<R>) => (...given: A) => Promise<R>

function withReads(reader: PruneReader, wrap: Wrap): PruneReader {
  return {
    ...reader,
    tags: wrap(reader.tags),
    manifest: wrap(reader.manifest),
    config: wrap(reader.config),
    blobSize: wrap(reader.blobSize),
    head: wrap(reader.head),
    exists: wrap(reader.exists),
    listReferrers: wrap(reader.listReferrers),
  }
}
