import { readWhole, writeWhole } from '../action/files.ts'
import type { Runner } from '../action/runner.ts'
import { WardenError } from '../domain/errors.ts'
import { addRun, entriesOf } from '../domain/history/history.ts'
import type { SizeEntry } from '../domain/history/history.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import type { SizeReport } from '../domain/size/report.ts'
import type { DrawnHistory } from '../report/size/history.ts'
import { MAX_HISTORY_BYTES, parseHistory, writeHistory } from '../wire/history-file.ts'

/** How a file of ours begins, however soon it was cut short. */
const FIRST = '{"at":'

/**
 * Keeps `history-file`: reads it, and on a push adds what this run measured. An ornament: whatever goes wrong
 * is a warning, and never the verdict.
 * @returns what there is to draw; null where there is none
 */
export async function keepHistory(
  path: string,
  report: SizeReport,
  { env, log }: Pick<Runner, 'env' | 'log'>,
  now: Timestamp,
): Promise<DrawnHistory | null> {
  const { GITHUB_EVENT_NAME: event, GITHUB_SHA: commit, GITHUB_REF: ref, GITHUB_BASE_REF: base } = env
  try {
    const history = await readHistory(path, log)
    if (event !== 'push' || !commit || !ref) {
      const shown = base ? `refs/heads/${base}` : ref
      return shown ? { entries: history, ref: shown, commit: null } : null
    }
    const entries = addRun(history, entriesOf(report.images, { at: now, commit, ref }))
    await writeWhole(path, writeHistory(entries), 'history-file')
    return { entries, ref, commit }
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    log.warning(`The history is not kept: ${error.line}`)
    return null
  }
}

async function readHistory(path: string, log: Runner['log']): Promise<readonly SizeEntry[]> {
  const content = await readWhole(path, MAX_HISTORY_BYTES, 'history-file', { mayBeAbsent: true })
  if (content === null) return []
  const text = content.toString('utf8')
  const { entries, broken } = parseHistory(text)
  if (broken === 0) return entries
  // a first line that was cut short is ours; a file that somebody keeps for another reason is not
  if (entries.length === 0 && !text.startsWith(FIRST.slice(0, text.trimEnd().length))) {
    throw new WardenError('input', `input history-file: ${path} is not a history`, {
      advice: 'Name a file of its own; it is created on the first push',
    })
  }
  const lines = broken === 1 ? 'one line' : `${broken} lines`
  log.notice(`${path}: left out ${lines} that could not be read, most likely cut short by a cancelled job`)
  return entries
}
