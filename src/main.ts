import { parseInputs } from './action/inputs.ts'
import { inputNamesIn } from './action/misspelt-inputs.ts'
import type { Runner } from './action/runner.ts'
import type { Command } from './action/settings.ts'
import { WardenError } from './domain/errors.ts'
import { runList, startUnavailable } from './modes/list.ts'
import { runPrune } from './modes/prune.ts'
import { runReport } from './modes/report.ts'
import { runSize } from './modes/size.ts'
import { runUndo } from './modes/undo.ts'
import { openGitHubTransport, openSession, systemClock } from './compose.ts'
import type { Session } from './compose.ts'
import type { Send } from './transport/types.ts'

/**
 * One run: inputs → command → result → what people see. The only place that catches.
 * @returns whether the step is green
 */
export async function main(runner: Runner): Promise<boolean> {
  try {
    return await run(runner)
  } catch (error) {
    runner.setOutputs({ result: 'fail' })
    runner.fail(lineOf(error))
    runner.log.debug(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return false
  }
}

async function run(runner: Runner): Promise<boolean> {
  const command = parseInputs(runner.input, inputNamesIn(runner.env), runner.env['GITEA_ACTIONS'] === 'true')
  for (const warning of command.common.warnings) runner.log.warning(warning)
  const github = openGitHubTransport(runner)
  try {
    return await runMode(command, github.send, runner)
  } finally {
    github.dispose()
  }
}

async function runMode(command: Command, github: Send, runner: Runner): Promise<boolean> {
  const { common } = command
  if (command.mode === 'report') {
    return await runReport(common, command.report, { clock: systemClock, github }, runner)
  }
  if (command.mode === 'list') startUnavailable(runner)
  // whoever deletes must still say what was deleted
  const session =
    command.mode === 'size' || command.mode === 'list'
      ? await openSession(common, runner, github)
      : await openSession(common, runner, github, runner.onCancel)
  try {
    return await runWithSession(command, session, runner)
  } finally {
    session.dispose()
  }
}

/** Whoever adds a mode is told by the compiler that the last line does not take it. */
function runWithSession(
  command: Exclude<Command, { mode: 'report' }>,
  session: Session,
  runner: Runner,
): Promise<boolean> {
  if (command.mode === 'prune') return runPrune(command.common, command.prune, session, runner)
  if (command.mode === 'undo') return runUndo(command.common, command.undo, session, runner)
  if (command.mode === 'list') return runList(command.common, command.list, session, runner)
  return runSize(command.common, command.size, session, runner)
}

function lineOf(error: unknown): string {
  if (error instanceof WardenError) return error.line
  return `unexpected error, please report it: ${error instanceof Error ? error.message : String(error)}`
}
