import { execFile } from 'node:child_process'
import type { ExecFileException } from 'node:child_process'
import { dirname } from 'node:path'
import { WardenError } from '../domain/errors.ts'
import type { MaskSecret } from '../domain/ports.ts'
import { parseHelperAnswer } from '../wire/credential-file.ts'
import type { Environment } from '../domain/environment.ts'
import type { Login } from './docker-config.ts'
import { maskLogin } from './masking.ts'

/** Asks `docker-credential-<suffix>` for the login of a server; null: it has none. */
export type AskHelper = (suffix: string, serverKey: string) => Promise<Login | null>

const SUFFIX = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
const MAX_BYTES = 1024 * 1024
const TIMEOUT_MS = 30_000

type HelperFailure = ExecFileException | NodeJS.ErrnoException

/**
 * Runs helpers by the protocol of docker-credential-helpers: no shell, a deadline, a size cap. What a helper
 * prints may be a secret and is never shown, nor kept as the cause of an error.
 */
export function createAskHelper(parts: {
  mask: MaskSecret
  env: Environment
  timeoutMs?: number
  /** ends the run, and with it the helper */
  signal?: AbortSignal
}): AskHelper {
  const { mask, env, timeoutMs = TIMEOUT_MS, signal = new AbortController().signal } = parts
  return async (suffix, serverKey) => {
    if (!SUFFIX.test(suffix) || suffix.length > 100) {
      throw new WardenError(
        'input',
        `${JSON.stringify(suffix.slice(0, 40))} is not the name of a credential helper`,
        {
          advice: 'Correct credsStore or credHelpers in the Docker configuration',
        },
      )
    }
    const program = `docker-credential-${suffix}`
    const { failure, output } = await run(program, serverKey, env, timeoutMs, signal)
    if (signal.aborted)
      throw new WardenError('deadline', `credential helper ${program} was stopped: the run is over`)
    if (failure === null) return readAnswer(program, output, mask)
    // the protocol puts this message on stdout
    if (/^credentials not found/i.test(output.trimStart())) return null
    throw helperError(program, describeFailure(failure, timeoutMs), failure.code === 'ENOENT')
  }
}

function run(
  program: string,
  serverKey: string,
  env: Environment,
  timeout: number,
  signal: AbortSignal,
): Promise<{ failure: HelperFailure | null; output: string }> {
  const options = {
    env: withoutSecrets(env),
    maxBuffer: MAX_BYTES,
    killSignal: 'SIGKILL',
    windowsHide: true,
    // not where the checkout is: Windows looks for programs in the working folder first
    cwd: dirname(process.execPath),
  } as const
  return new Promise((resolve) => {
    const child = execFile(program, ['get'], options, (failure, stdout) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      resolve({ failure, output: stdout })
    })
    // a program that the helper began may outlive it, and holds its pipes open
    const stop = () => {
      child.kill('SIGKILL')
      child.stdout?.destroy()
      child.stderr?.destroy()
    }
    const timer = setTimeout(stop, timeout)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    // a helper that ends without reading breaks the pipe; its exit code says more
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(serverKey)
  })
}

/**
 * The inputs of this step and the runner's own tokens are nobody else's; `GITHUB_TOKEN` is what some helpers
 * want.
 */
const OURS = /^(?:INPUT|ACTIONS)_/i

function withoutSecrets(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OURS.test(name)))
}

function readAnswer(program: string, output: string, mask: MaskSecret): Login | null {
  const answer = parseHelperAnswer(output)
  if (answer === null) throw helperError(program, 'answered something that is not a login')
  const { username, secret } = answer
  maskLogin(mask, username, secret)
  if (secret === '') return null
  if (username === '<token>') return { kind: 'identity', username: null, token: secret }
  return { kind: 'basic', username, password: secret }
}

function describeFailure(failure: HelperFailure, timeoutMs: number): string {
  if (failure.code === 'ENOENT') return 'is not installed'
  if (failure.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `printed more than ${MAX_BYTES} bytes`
  if ('killed' in failure && failure.killed) return `did not answer within ${timeoutMs / 1000} s`
  return typeof failure.code === 'number' ? `failed (exit code ${failure.code})` : 'could not be run'
}

/** Deliberately without cause: Node's error holds what the helper printed. */
function helperError(program: string, what: string, isMissing = false): WardenError {
  const advice = isMissing
    ? 'Install it in an earlier step, remove it from the Docker configuration, or set username and password'
    : 'Run it by hand with the argument `get`, or set username and password'
  return new WardenError('unauthorized', `credential helper ${program} ${what}`, { advice })
}
