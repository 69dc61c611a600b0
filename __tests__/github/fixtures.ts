import { onTestFinished } from 'vitest'
import { parseCommentKey } from '../../src/domain/comment/marker.ts'
import type { Situation } from '../../src/domain/comment/decision.ts'
import type { Log } from '../../src/domain/ports.ts'
import { createGitHubApi } from '../../src/github/api.ts'
import type { GitHubApi } from '../../src/github/api.ts'
import type { CommentRequest } from '../../src/github/comment.ts'
import { createGitHubRequests } from '../../src/github/requests.ts'
import type { AskGitHub, GitHubOptions } from '../../src/github/requests.ts'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import { createSend } from '../../src/transport/send.ts'
import type { TransportOptions } from '../../src/transport/send.ts'
import { startGitHubApi } from '../support/github-api.ts'
import type { GitHubApiOptions, GitHubServer } from '../support/github-api.ts'

export const NOW = 1_790_000_000_000
export const SHA = '1'.repeat(40)
export const MARKER = '<!-- registry-warden:size:default -->'
export const BOT = 'github-actions[bot]'
export const FORK = 'mallory/api'

export const EXCEEDED: Situation = { exceeded: true, changed: true, hasBaseline: true }
export const QUIET: Situation = { exceeded: false, changed: false, hasBaseline: true }

/** Everything the log was told, `level: message`. */
export function recordingLog(): Log & { readonly lines: string[] } {
  const lines: string[] = []
  const at = (level: string) => (message: string) => void lines.push(`${level}: ${message}`)
  return { lines, debug: at('debug'), info: at('info'), notice: at('notice'), warning: at('warning') }
}

export interface Stage {
  readonly server: GitHubServer
  readonly api: GitHubApi
  readonly ask: AskGitHub
  readonly log: ReturnType<typeof recordingLog>
  /** the waits, in milliseconds; none is really waited */
  readonly waits: number[]
}

/** A server, and a client of it that waits for nothing. */
export async function stage(
  serverOptions: GitHubApiOptions = {},
  clientOptions: Partial<GitHubOptions> = {},
  transportOptions: Partial<TransportOptions> = {},
): Promise<Stage> {
  const server = await startGitHubApi(serverOptions)
  onTestFinished(() => server.stop())
  const log = recordingLog()
  const waits: number[] = []
  const clock = () => asTimestamp(NOW)
  const transport = createSend({
    userAgent: 'registry-warden-test',
    insecureOrigins: new Set(),
    ca: null,
    env: process.env,
    log,
    clock,
    random: () => 0,
    sleep: (milliseconds) => Promise.resolve(waits.push(milliseconds)),
    ...transportOptions,
  })
  onTestFinished(transport.dispose)
  const options = {
    send: transport.send,
    apiUrl: server.apiUrl,
    token: server.token,
    repository: { owner: 'acme', name: 'api' },
    userAgent: 'registry-warden-test',
    log,
    clock,
    ...clientOptions,
  }
  const api = createGitHubApi(options)
  return { server, api, ask: createGitHubRequests(options), log, waits }
}

export function commentRequest(changes: Partial<CommentRequest> = {}): CommentRequest {
  return {
    pullRequest: 7,
    isRestricted: false,
    key: parseCommentKey('default'),
    policy: 'on-exceed',
    situation: EXCEEDED,
    bodies: { current: 'too big', resolved: 'fine again' },
    ...changes,
  }
}
