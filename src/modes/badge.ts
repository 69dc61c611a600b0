import { writeWhole } from '../action/files.ts'
import { WardenError } from '../domain/errors.ts'
import type { Log } from '../domain/ports.ts'
import { sizeBadge } from '../report/size/badge.ts'
import type { SizeView } from '../report/size/view.ts'

/**
 * Writes `badge-file`. An ornament, as the history: a file that cannot be written is a warning, never the
 * verdict.
 */
export async function keepBadge(path: string, view: SizeView, log: Log): Promise<void> {
  try {
    await writeWhole(path, `${JSON.stringify(sizeBadge(view))}\n`, 'badge-file')
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    log.warning(`The badge is not kept: ${error.line}`)
  }
}
