import { createAuthorizedSend } from '../../src/credentials/authenticator.ts'
import type { AuthorizedRequest, AuthorizedSend } from '../../src/credentials/authenticator.ts'
import type { Credential } from '../../src/credentials/credential.ts'
import { WardenError } from '../../src/domain/errors.ts'
import type { Log } from '../../src/domain/ports.ts'
import type { Repository } from '../../src/domain/names/reference.ts'
import { testTransport } from '../transport/servers.ts'

export const ANONYMOUS: Credential = { kind: 'anonymous', source: 'DOCKER_AUTH_CONFIG' }
export const PASSWORD = 'correct-horse-battery'
export const BOT: Credential = {
  kind: 'basic',
  username: 'ci-bot',
  password: PASSWORD,
  source: 'DOCKER_AUTH_CONFIG',
}
export const BOT_BASIC = `Basic ${Buffer.from(`ci-bot:${PASSWORD}`).toString('base64')}`

export interface TestClient {
  readonly send: AuthorizedSend
  /** milliseconds on the clock; tests move it */
  readonly clock: { now: number }
  readonly masked: string[]
  readonly lines: string[]
  readonly dispose: () => void
}

/** The authenticator over the real transport. */
export function testClient(credential: Credential): TestClient {
  const transport = testTransport()
  const clock = { now: 0 }
  const masked: string[] = []
  const lines: string[] = []
  const send = createAuthorizedSend({
    send: transport.send,
    keychain: async () => credential,
    mask: (secret) => void masked.push(secret),
    clock: () => clock.now,
    log: testLog(lines),
  })
  return { send, clock, masked, lines, dispose: transport.dispose }
}

export function testLog(lines: string[]): Log {
  const record = (line: string) => void lines.push(line)
  return { debug: record, info: record, notice: record, warning: record }
}

/** A manifest request of a repository. */
export function manifest(repository: Repository, change: Partial<AuthorizedRequest> = {}): AuthorizedRequest {
  return {
    method: 'GET',
    url: new URL(`/v2/${repository.path}/manifests/v1`, repository.registry.origin),
    maxBytes: 1024,
    purpose: 'a manifest',
    repository,
    ...change,
  }
}

/** The error a promise ends with; fails the test when it does not. */
export async function refusalOf(outcome: Promise<unknown>): Promise<WardenError> {
  const error = await outcome.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof WardenError)) throw new Error(`expected a WardenError, got ${String(error)}`)
  return error
}
