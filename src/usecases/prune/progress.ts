import type { Clock, Log } from '../../domain/ports.ts'

/** Long work says how far it is about this often. */
const EVERY_MS = 5_000

/**
 * Counts what is done in one repository and tells now and then, in words such as `3 answers read`; short work
 * stays silent.
 */
export function createProgress(
  name: string,
  words: (count: number) => string,
  { log, now }: { readonly log: Pick<Log, 'info'>; readonly now: Clock },
): () => void {
  let count = 0
  let said = now()
  return () => {
    count += 1
    if (now() - said < EVERY_MS) return
    said = now()
    log.info(`${name}: ${words(count)}`)
  }
}
