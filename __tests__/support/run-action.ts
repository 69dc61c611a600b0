import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'
import { annotationsIn, commandsIn, keyValues, type Annotation } from './workflow-commands.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DIST = join(ROOT, 'dist/index.js')
// V8 compiles dist once instead of hundreds of times; Node checks that what it finds there fits the source
const COMPILED = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/dist') }

export interface ActionRun {
  /** values of `with:`; what is left out gets its default from action.yml */
  readonly inputs: Readonly<Record<string, string>>
  /** webhook payload, written to GITHUB_EVENT_PATH; default `{}` */
  readonly event?: unknown
  /** default `push` */
  readonly eventName?: string
  /** stands for `${{ github.token }}` in defaults; default empty */
  readonly githubToken?: string
  /** more environment, e.g. DOCKER_CONFIG or GITHUB_API_URL; overrides what is set here */
  readonly env?: Readonly<Record<string, string>>
  /** working directory; default an empty temporary folder that is removed afterwards */
  readonly workspace?: string
  /** the run is killed after this long; default 100 s */
  readonly timeoutMs?: number
  /** entry point, default `dist/index.js` */
  readonly entry?: string
  /** called once the process runs, e.g. to watch its memory */
  readonly onStart?: (child: ChildProcess) => void
}

export interface ActionResult {
  /** null when the run was killed for taking too long */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  /** what the job summary shows, in Markdown */
  readonly summary: string
  readonly annotations: readonly Annotation[]
  /** values registered by `::add-mask::`, in order */
  readonly masks: readonly string[]
  readonly state: Readonly<Record<string, string>>
  readonly durationMs: number
}

/** Runs the bundled action as the runner does: own process, clean environment, command files. */
export async function runAction(run: ActionRun): Promise<ActionResult> {
  const home = await mkdtemp(join(tmpdir(), 'runner-'))
  try {
    const { env, files, workspace } = await prepareStep(home, run)
    const started = performance.now()
    const ended = await spawned(run, env, workspace)
    return {
      ...ended,
      durationMs: performance.now() - started,
      outputs: keyValues(await readFile(files.GITHUB_OUTPUT, 'utf8')),
      state: keyValues(await readFile(files.GITHUB_STATE, 'utf8')),
      summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8'),
      annotations: annotationsIn(ended.stdout),
      masks: commandsIn(ended.stdout).flatMap(({ name, message }) => (name === 'add-mask' ? [message] : [])),
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** What the runner gives a step: its environment, its command files below `home`, and a working directory. */
export async function prepareStep(home: string, run: ActionRun) {
  const files = await commandFiles(home, run.event ?? {})
  const workspace = run.workspace ?? join(home, 'work')
  await mkdir(workspace, { recursive: true })
  const inputs = await inputEnvironment(run.inputs, run.githubToken ?? '')
  const env: Record<string, string> = {
    ...runnerEnvironment(home, workspace, run),
    ...files,
    ...inputs,
    ...run.env,
  }
  return { env, files, workspace }
}

/** Fails when a secret, or its base64 or URL-encoded form, is anywhere a reader of the run could see it. */
export function expectNoSecrets(result: ActionResult, ...secrets: readonly string[]): void {
  // the runner consumes add-mask lines; they never reach the log
  const log = result.stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'))
  const places = {
    log: log.join('\n'),
    stderr: result.stderr,
    summary: result.summary,
    outputs: JSON.stringify(result.outputs),
  }
  for (const secret of secrets) {
    const forms = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    ]
    for (const [place, text] of Object.entries(places)) {
      if (forms.some((form) => text.includes(form))) throw new Error(`the ${place} of the run shows a secret`)
    }
  }
}

function runnerEnvironment(home: string, workspace: string, run: ActionRun): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: 'warden',
    GITHUB_ACTOR: 'octocat',
    // nothing listens here: a test that wants the API says where it is
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_EVENT_NAME: run.eventName ?? 'push',
    GITHUB_JOB: 'test',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_REPOSITORY_OWNER: 'acme',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1234567890',
    GITHUB_RUN_NUMBER: '42',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_WORKFLOW: 'ci',
    GITHUB_WORKSPACE: workspace,
    RUNNER_ARCH: 'X64',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: home,
  }
}

async function commandFiles(folder: string, event: unknown) {
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
  }
  for (const path of Object.values(files)) await writeFile(path, '')
  await writeFile(files.GITHUB_EVENT_PATH, JSON.stringify(event))
  return files
}

const ActionYaml = z.object({
  inputs: z.record(
    z.string(),
    z.object({ default: z.union([z.string(), z.number(), z.boolean()]).optional() }),
  ),
})

let declared: Promise<z.infer<typeof ActionYaml>> | undefined

async function readDeclared(): Promise<z.infer<typeof ActionYaml>> {
  return ActionYaml.parse(parse(await readFile(join(ROOT, 'action.yml'), 'utf8')))
}

/** INPUT_ variables as the runner names them: upper case, blanks to underscores, hyphens kept. */
async function inputEnvironment(
  given: Readonly<Record<string, string>>,
  githubToken: string,
): Promise<Record<string, string>> {
  const action = await (declared ??= readDeclared())
  const undeclared = Object.keys(given).filter((name) => !(name in action.inputs))
  if (undeclared.length > 0) throw new Error(`action.yml declares no input ${undeclared.join(', ')}`)
  const env: Record<string, string> = {}
  for (const [name, { default: fallback = '' }] of Object.entries(action.inputs)) {
    const value = given[name] ?? String(fallback).replaceAll(/\$\{\{\s*github\.token\s*\}\}/g, githubToken)
    env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] = value
  }
  return env
}

async function spawned(run: ActionRun, env: Record<string, string>, cwd: string) {
  const { entry = DIST, timeoutMs = 100_000 } = run
  const child = spawn(process.execPath, [entry], {
    cwd,
    env: { ...(entry === DIST ? COMPILED : {}), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  run.onStart?.(child)
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  const [stdout, stderr, exitCode] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
    new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    }),
  ]).finally(() => clearTimeout(timer))
  return { stdout: stdout.join(''), stderr: stderr.join(''), exitCode }
}
