import { parseInputs } from '../../src/action/inputs.ts'
import { INPUTS } from '../../src/action/input-catalog.ts'
import type { Runner } from '../../src/action/runner.ts'
import type { Annotation } from '../../src/domain/annotation.ts'
import { WardenError } from '../../src/domain/errors.ts'
import { runPrune } from '../../src/modes/prune.ts'
import { runUndo } from '../../src/modes/undo.ts'
import { openSession } from '../../src/compose.ts'
import { parseJson } from '../../src/wire/json.ts'
import { z } from 'zod'

const Json = z.object({
  repositories: z.array(
    z.object({
      repository: z.string(),
      tags: z.array(
        z.object({
          tag: z.string(),
          digest: z.string().nullable(),
          decision: z.string(),
          reason: z.string(),
          status: z.string(),
        }),
      ),
      manifests: z.array(z.object({ digest: z.string(), decision: z.string(), status: z.string() })),
      reclaimedBytes: z.number(),
    }),
  ),
  reclaimedBytes: z.number(),
})

export interface PruneRun {
  readonly green: boolean
  readonly outputs: Readonly<Record<string, string>>
  readonly json: z.infer<typeof Json> | null
  /** `{ v1: 'delete done' }`, of all repositories */
  readonly tags: Readonly<Record<string, string>>
  readonly summary: string
  readonly log: readonly string[]
  readonly annotations: readonly Annotation[]
  readonly failures: readonly string[]
}

/**
 * Runs mode prune or undo in this process, as `main` does, with inputs by name; `env` is the runner's.
 * @param onCancel is given what a cancelled job calls
 */
export async function runInProcess(
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  onCancel: Runner['onCancel'] = () => () => undefined,
): Promise<PruneRun> {
  const outputs: Record<string, string> = {}
  const log: string[] = []
  const annotations: Annotation[] = []
  const failures: string[] = []
  let summary = ''
  const say = (level: string) => (message: string) => void log.push(`${level}: ${message}`)
  const given: Readonly<Record<string, string>> = { mode: 'prune', ...inputs }
  const unknown = Object.keys(given).filter((name) => !(name in INPUTS))
  if (unknown.length > 0) throw new Error(`there is no input ${unknown.join(', ')}`)
  const runner: Runner = {
    log: { debug: say('debug'), info: say('info'), notice: say('notice'), warning: say('warning') },
    mask: () => undefined,
    redact: (value) => value,
    input: (name) => given[name] ?? '',
    env: { GITHUB_EVENT_NAME: 'schedule', ...env },
    runUrl: null,
    annotate: (annotation) => void annotations.push(annotation),
    setOutputs: (values) => void Object.assign(outputs, values),
    writeSummary: async (markdown) => {
      summary = markdown
    },
    onCancel,
    fail: (line) => void failures.push(line),
  }
  const green = await run(runner, failures)
  const json =
    outputs['json'] === undefined || given['mode'] === 'undo'
      ? null
      : Json.parse(parseJson(Buffer.from(outputs['json']), 'json'))
  const tags = Object.fromEntries(
    (json?.repositories ?? []).flatMap(({ tags: found }) =>
      found.map(({ tag, decision, status }) => [tag, `${decision} ${status}`]),
    ),
  )
  return { green, outputs, json, tags, summary, log, annotations, failures }
}

async function run(runner: Runner, failures: string[]): Promise<boolean> {
  try {
    const command = parseInputs(runner.input)
    if (command.mode !== 'prune' && command.mode !== 'undo') throw new Error(`the mode is ${command.mode}`)
    const session = await openSession(command.common, runner, refuseGitHub, runner.onCancel)
    try {
      // what is missing is asked for again over ten seconds; nothing here comes back
      const sleep = (milliseconds: number) => session.sleep(Math.min(milliseconds, 10))
      return command.mode === 'undo'
        ? await runUndo(command.common, command.undo, { ...session, sleep }, runner)
        : await runPrune(command.common, command.prune, { ...session, sleep }, runner)
    } finally {
      session.dispose()
    }
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    failures.push(error.line)
    return false
  }
}

function refuseGitHub(): Promise<never> {
  return Promise.reject(new Error('nothing here asks GitHub'))
}
