import { WardenError } from '../domain/errors.ts'
import type { ReadLayer } from '../domain/explain/ports.ts'
import { hasToc } from '../domain/explain/table-of-contents.ts'
import { streamLayer } from './stream-layer.ts'
import { readToc } from './toc.ts'

/**
 * Looks into layers: in a registry by their table of contents where they have one, else by reading them once
 * to the end. A table that is missing, damaged or out of reach (no ranges) is not a reason to know nothing.
 * @param signal ends long reading with an error of kind `deadline`
 */
export function createReadLayer(signal?: AbortSignal): ReadLayer {
  return async (store, blob, budget, room) => {
    if (!store.isLocal && hasToc(blob)) {
      try {
        return await readToc(store, blob, budget, room)
      } catch (error) {
        if (!(error instanceof WardenError) || !ABOUT_TABLE.has(error.kind)) throw error
      }
    }
    if (!store.isLocal && !budget.take(blob.size)) return 'over-budget'
    return streamLayer(store.open(blob, null), blob, { signal, isExact: store.isExact, room })
  }
}

const ABOUT_TABLE: ReadonlySet<WardenError['kind']> = new Set(['protocol', 'integrity', 'unsupported'])
