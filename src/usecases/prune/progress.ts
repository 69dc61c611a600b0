import type { Clock, Log } from '../../domain/ports.ts'

/** Long work says how far it is about this often. */
const EVERY_MS = 5_000

/**
 * Counts what is done in one repository, in words such as `answers read`, and tells now and then; short work
 * stays silent.
 */
export function createProgress(
  name: string,
  what: string,
  { log, now }: { readonly log: Pick<Log, 'info'>; readonly now: Clock },
): () => void {
  let count = 0
  let said = now()
  return () => {
    count += 1
    if (now() - said < EVERY_MS) return
    said = now()
    log.info(`${name}: ${count} ${what}`)
  }
}
