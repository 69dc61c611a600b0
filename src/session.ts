import { readFile } from 'node:fs/promises'
import pLimit from 'p-limit'
import type { Runner } from './action/runner.ts'
import type { CommonSettings } from './action/settings.ts'
import type { OpenLocal } from './commands/baseline.ts'
import { createAuthorizedSend } from './credentials/authenticator.ts'
import { createKeychain } from './credentials/keychain.ts'
import { WardenError } from './domain/errors.ts'
import type { Clock, OpenRepository } from './domain/ports.ts'
import type { Timestamp } from './domain/quantities/timestamp.ts'
import { openLocalImage } from './images/open.ts'
import { createRegistryClient } from './registry/client.ts'
import { createManifestCache } from './registry/manifest-cache.ts'
import { createSend } from './transport/send.ts'
import type { TransportStats } from './transport/send.ts'

/** Everything a mode reaches the outside with, for one run. */
export interface Session {
  readonly open: OpenRepository
  readonly openLocal: OpenLocal
  readonly clock: Clock
  /** true once `max-duration` has passed */
  readonly timeIsUp: () => boolean
  readonly stats: () => TransportStats
  /** Closes every connection. */
  readonly dispose: () => void
}

const USER_AGENT = 'registry-warden (+https://github.com/registry-warden/registry-warden)'

/** Puts transport, credentials and registry client together as the inputs say. */
export async function openSession(settings: CommonSettings, runner: Runner): Promise<Session> {
  const { log, mask } = runner
  const clock: Clock = () => Date.now() as Timestamp
  const { signal, deadline, timer } = startDeadline(settings, clock)
  const transport = createSend({
    userAgent: USER_AGENT,
    insecureOrigins: new Set(settings.insecure ? [settings.registry.origin] : []),
    ca: settings.caFile === null ? null : await readCertificates(settings.caFile),
    signal,
    deadline,
    clock,
    log,
    limits: { maxSockets: settings.concurrency },
  })
  // Requests wait for their turn here rather than for a socket, so that no deadline runs while they wait.
  const inTurn = pLimit(settings.concurrency)
  const keychain = createKeychain({
    login: settings.login,
    registry: settings.registry,
    env: runner.env,
    mask,
    log,
  })
  // Token lifetimes are counted on a clock that no time server turns back.
  const monotonic = (): number => performance.now()
  const send = createAuthorizedSend({
    send: (request) => inTurn(transport.send, request),
    keychain,
    mask,
    clock: monotonic,
    log,
  })
  const cache = settings.cacheDir === null ? undefined : createManifestCache(settings.cacheDir, log)
  return {
    open: createRegistryClient({ send, log, ...(cache === undefined ? {} : { cache }) }).open,
    openLocal: async (source) => {
      const reader = await openLocalImage(source, { signal })
      return { reader, top: reader.top }
    },
    clock,
    timeIsUp: () => signal.aborted,
    stats: transport.stats,
    dispose: () => {
      clearTimeout(timer)
      transport.dispose()
    },
  }
}

function startDeadline({ maxDuration }: CommonSettings, clock: Clock) {
  const controller = new AbortController()
  if (maxDuration === null) return { signal: controller.signal, deadline: null, timer: undefined }
  const timer = setTimeout(() => controller.abort(), maxDuration)
  return { signal: controller.signal, deadline: (clock() + maxDuration) as Timestamp, timer }
}

async function readCertificates(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new WardenError('input', `input ca-file: ${path} cannot be read`, {
      advice: 'Name a PEM file that exists in the workspace, relative to it or absolute',
      cause,
    })
  }
}
