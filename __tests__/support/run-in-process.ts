import { rm } from 'node:fs/promises'
import type { Runner } from '../../src/action/runner.ts'
import { main } from '../../src/main.ts'
import { memoryFolder } from './memory-folder.ts'
import { prepareStep, type ActionResult, type ActionRun } from './run-action.ts'
import type { Annotation } from './workflow-commands.ts'

/**
 * Runs the sources in this process, by the same inputs and environment as `runAction`, for a fraction of the
 * processor time of a start of `dist`. Files are named absolutely: the working directory stays.
 */
export async function runInProcess(run: ActionRun): Promise<ActionResult> {
  const home = await memoryFolder('runner-')
  try {
    const { env } = await prepareStep(home, run)
    const scene = openScene(env)
    const started = performance.now()
    const green = await main(scene.runner)
    return { ...scene.seen(), exitCode: green ? 0 : 1, durationMs: performance.now() - started }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

function openScene(env: Readonly<Record<string, string>>) {
  const lines: string[] = []
  const annotations: Annotation[] = []
  const masks: string[] = []
  const outputs: Record<string, string> = {}
  let summary = ''
  const tell = (level: Annotation['level'], message: string, title = ''): void => {
    lines.push(`::${level}::${message}`)
    annotations.push({ level, message, properties: title === '' ? {} : { title } })
  }
  const runner: Runner = {
    log: {
      debug: () => undefined,
      info: (message) => void lines.push(message),
      notice: (message) => tell('notice', message),
      warning: (message) => tell('warning', message),
    },
    mask: (secret) => void masks.push(secret),
    redact: (value) => value,
    input: (name) => env[`INPUT_${name.toUpperCase()}`] ?? '',
    env,
    runUrl: null,
    annotate: ({ level, title, message }) => tell(level, message, title),
    setOutputs: (values) => void Object.assign(outputs, values),
    writeSummary: async (markdown) => {
      summary = markdown
    },
    onCancel: () => () => undefined,
    fail: (line) => tell('error', line),
  }
  const seen = () => ({
    stdout: lines.join('\n'),
    stderr: '',
    outputs,
    summary,
    annotations,
    masks,
    state: {},
  })
  return { runner, seen }
}
