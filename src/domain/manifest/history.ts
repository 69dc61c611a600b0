import { sanitiseLine } from '../text.ts'
import type { HistoryEntry } from './manifest.ts'

/** People see at most so much of an instruction; a here-document can have kilobytes. */
const MAX_LENGTH = 200

/**
 * For each layer the instruction that made it, oldest first; null where history does not say. All are null
 * when the history does not have one non-empty entry per layer (squashed images, other builders): a wrong
 * name is worse than none.
 */
export function attributeLayers(
  layers: readonly unknown[],
  history: readonly HistoryEntry[],
): (string | null)[] {
  const makers = history.filter((entry) => !entry.emptyLayer)
  if (makers.length !== layers.length) return layers.map(() => null)
  return makers.map((entry) => (entry.createdBy === null ? null : cleanInstruction(entry.createdBy)))
}

/**
 * The `created_by` of a history entry as its author wrote it in the Dockerfile: without the shells, build
 * arguments and markers that the classic builder and BuildKit put around it. Null when nothing is left.
 */
export function cleanInstruction(createdBy: string): string | null {
  const line = sanitiseLine(createdBy, MAX_LENGTH * 4).replace(/ # buildkit$/, '')
  const run = line.startsWith('RUN ')
  const command = withoutShell(withoutBuildArguments(run ? line.slice(4) : line))
  if (command.text === '') return null
  return sanitiseLine(run || command.isRun ? `RUN ${command.text}` : command.text, MAX_LENGTH)
}

const SHELLS = ['/bin/sh -c ', 'cmd /S /C ']
const NOT_RUN = '#(nop) '

/**
 * `|2 A=1 B=2 /bin/sh -c make`: both builders write the values of build arguments, possibly secret, before
 * the shell.
 */
function withoutBuildArguments(text: string): string {
  if (!/^\|\d{1,4} /.test(text)) return text
  const starts = SHELLS.map((shell) => text.indexOf(shell)).filter((start) => start > 0)
  return starts.length === 0 ? '' : text.slice(Math.min(...starts))
}

function withoutShell(text: string): { text: string; isRun: boolean } {
  const shell = SHELLS.find((prefix) => text.startsWith(prefix))
  if (shell === undefined) return { text, isRun: false }
  const command = text.slice(shell.length)
  return command.startsWith(NOT_RUN)
    ? { text: command.slice(NOT_RUN.length).trim(), isRun: false }
    : { text: command, isRun: command !== '' }
}
