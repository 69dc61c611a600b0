import { parseReport } from './comment-inputs.ts'
import { parseCommon } from './common-inputs.ts'
import { createInputReader, readMode } from './input-reader.ts'
import type { GetInput } from './input-reader.ts'
import { parseList } from './list-inputs.ts'
import { checkProvider, insecureWarnings, loginWarnings } from './login-warnings.ts'
import { foreignInputs, rejectForeignDeletes, rejectMisspelt } from './misspelt-inputs.ts'
import { parsePrune, parseUndo } from './prune-inputs.ts'
import type { PruneSettings } from './prune-settings.ts'
import { rejectSharedFiles } from './shared-files.ts'
import type { Command } from './settings.ts'
import { parseSize } from './size-inputs.ts'

/**
 * Turns the raw inputs into a command, before any request.
 * @param names of all inputs that were given, known or not, in lower case
 * @param isGitea inputs of other actions may be among them (`GITEA_ACTIONS`)
 * @throws WardenError of kind `input` for the first input that is wrong, misspelt or of another mode
 */
export function parseInputs(get: GetInput, names: readonly string[] = [], isGitea = false): Command {
  if (!isGitea) rejectMisspelt(names)
  const ofOtherModes: string[] = []
  const command = parseCommand(get, isGitea ? ofOtherModes : null)
  const foreign = foreignInputs(names, ofOtherModes, isGitea)
  checkProvider(command)
  rejectSharedFiles(command)
  if (command.mode === 'prune' && !command.prune.dryRun)
    rejectForeignDeletes(foreign, isConfirmed(command.prune))
  const { common } = command
  const warnings = [
    ...foreign.warnings,
    ...common.warnings,
    ...insecureWarnings(command),
    ...loginWarnings(command),
  ]
  return { ...command, common: { ...common, warnings } }
}

function parseCommand(get: GetInput, foreign: string[] | null): Command {
  const reader = createInputReader(get)
  const mode = readMode(reader, foreign)
  const common = parseCommon(reader)
  if (mode === 'size') return { mode, common, size: parseSize(reader, common.registry) }
  if (mode === 'prune') return { mode, common, prune: parsePrune(reader, common.registry) }
  if (mode === 'list') return { mode, common, list: parseList(reader, common.registry) }
  if (mode === 'undo') return { mode, common, undo: parseUndo(reader, common.registry) }
  return { mode, common, report: parseReport(reader) }
}

/** Nobody hands these down by accident, and with them the step deletes no more than somebody saw. */
function isConfirmed({ applyPlan, policy }: PruneSettings): boolean {
  return applyPlan !== null || policy.maxDeletes !== null
}
