import { parseInputs } from './action/inputs.ts'
import { inputNamesIn } from './action/misspelt-inputs.ts'
import type { Runner } from './action/runner.ts'
import type { Command } from './action/settings.ts'
import { WardenError } from './domain/errors.ts'
import type { Session } from './compose.ts'
import type { Send } from './transport/types.ts'

/** What only a run whose inputs are right needs, in files of `dist` that are loaded late. */
const late = {
  compose: () => import('./compose.ts'),
  measuring: () => import('./modes/measuring.ts'),
  pruning: () => import('./modes/pruning.ts'),
}

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
  const { openGitHubTransport } = await late.compose()
  const github = openGitHubTransport(runner)
  try {
    return await runMode(command, github.send, runner)
  } finally {
    github.dispose()
  }
}

async function runMode(command: Command, github: Send, runner: Runner): Promise<boolean> {
  const { mode, common } = command
  const { openSession, systemClock } = await late.compose()
  if (mode === 'report') {
    const { runReport } = await late.measuring()
    return await runReport(common, command.report, { clock: systemClock, github }, runner)
  }
  if (mode === 'list') (await late.pruning()).startUnavailable(runner)
  // whoever deletes must still say what was deleted
  const session =
    mode === 'size' || mode === 'list'
      ? await openSession(common, runner, github)
      : await openSession(common, runner, github, runner.onCancel)
  try {
    return await runWithSession(command, session, runner)
  } finally {
    session.dispose()
  }
}

/** Whoever adds a mode is told by the compiler that the last line does not take it. */
async function runWithSession(
  command: Exclude<Command, { mode: 'report' }>,
  session: Session,
  runner: Runner,
): Promise<boolean> {
  const { mode, common } = command
  if (mode === 'size') return (await late.measuring()).runSize(common, command.size, session, runner)
  const { runPrune, runUndo, runList } = await late.pruning()
  if (mode === 'prune') return runPrune(common, command.prune, session, runner)
  if (mode === 'undo') return runUndo(common, command.undo, session, runner)
  return runList(common, command.list, session, runner)
}

function lineOf(error: unknown): string {
  if (error instanceof WardenError) return error.line
  return `unexpected error, please report it: ${error instanceof Error ? error.message : String(error)}`
}
