import { parseReport } from './comment-inputs.ts'
import { parseCommon } from './common-inputs.ts'
import { createInputReader, readMode } from './input-reader.ts'
import type { GetInput } from './input-reader.ts'
import { parseList } from './list-inputs.ts'
import { checkProvider, insecureWarnings, loginWarnings } from './login-warnings.ts'
import { rejectMisspelt } from './misspelt-inputs.ts'
import { parsePrune } from './prune-inputs.ts'
import type { Command } from './settings.ts'
import { parseSize } from './size-inputs.ts'

/**
 * Turns the raw inputs into a command, before any request.
 * @param names of all inputs that were given, known or not, in lower case
 * @throws WardenError of kind `input` for the first input that is wrong, misspelt or of another mode
 */
export function parseInputs(get: GetInput, names: readonly string[] = []): Command {
  rejectMisspelt(names)
  const command = parseCommand(get)
  checkProvider(command)
  const { common } = command
  const warnings = [...common.warnings, ...insecureWarnings(command), ...loginWarnings(command)]
  return { ...command, common: { ...common, warnings } }
}

function parseCommand(get: GetInput): Command {
  const reader = createInputReader(get)
  const mode = readMode(reader)
  const common = parseCommon(reader)
  if (mode === 'size') return { mode, common, size: parseSize(reader, common.registry) }
  if (mode === 'prune') return { mode, common, prune: parsePrune(reader, common.registry) }
  if (mode === 'list') return { mode, common, list: parseList(reader, common.registry) }
  return { mode, common, report: parseReport(reader) }
}
