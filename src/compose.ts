import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Runner } from './action/runner.ts'
import type { CommonSettings } from './action/settings.ts'
import type { OpenLocal } from './usecases/size/baseline.ts'
import { createAuthorizedSend } from './credentials/authenticator.ts'
import { readAwsEnvironment } from './credentials/aws.ts'
import { createKeychain } from './credentials/keychain.ts'
import { WardenError } from './domain/errors.ts'
import type { ReadLayer } from './domain/explain/ports.ts'
import { parseApiUrl } from './domain/names/api-url.ts'
import type { Registry } from './domain/names/registry.ts'
import type { Clock, RegistrySource } from './domain/ports.ts'
import { asTimestamp } from './domain/quantities/timestamp.ts'
import { openLocalImage } from './images/open.ts'
import { createReadLayer } from './layers/read-layer.ts'
import { createRegistryCache } from './registry/cache.ts'
import { createHttpSource } from './registry/source.ts'
import { withEcrLogin } from './registry/vendors/ecr.ts'
import { unreadableProxies } from './transport/proxy-variables.ts'
import { createSend } from './transport/send.ts'
import type { Transport, TransportStats } from './transport/send.ts'
import type { Send } from './transport/types.ts'

/** Everything a mode reaches the outside with, for one run. */
export interface Session extends RegistrySource {
  readonly openLocal: OpenLocal
  /** Looks into a layer, for `explain: files`. */
  readonly readLayer: ReadLayer
  /** Sends to GitHub's API. */
  readonly github: Send
  readonly clock: Clock
  /** Ends early when the run is over. */
  readonly sleep: (milliseconds: number) => Promise<unknown>
  /** true once `max-duration` has passed */
  readonly timeIsUp: () => boolean
  readonly stats: () => TransportStats
  /** Closes every connection. */
  readonly dispose: () => void
}

export const USER_AGENT = 'registry-warden (+https://github.com/registry-warden/registry-warden)'

export const systemClock: Clock = () => asTimestamp(Date.now())

/**
 * The way to GitHub's API, which no `max-duration` ends: what a run found until then is still to be told. Only
 * `registry` is asked without checking its certificate, or with `ca-file`.
 */
export function openGitHubTransport({ env, log }: Runner): Transport {
  for (const name of unreadableProxies(env)) {
    log.warning(`${name} is not a readable address, so no proxy is used; write a % in its password as %25`)
  }
  return createSend({ ...transportParts(env, log), insecureOrigins: new Set(), ca: null })
}

function transportParts(env: Runner['env'], log: Runner['log']) {
  return {
    userAgent: USER_AGENT,
    env,
    clock: systemClock,
    log,
    // the runner hides debug lines, but takes them all: thousands of requests would make a step slow
    ...(env['RUNNER_DEBUG'] === '1' ? { trace: log.debug } : {}),
  }
}

/** Puts transport, credentials and registry client together as the inputs say. */
export async function openSession(settings: CommonSettings, runner: Runner, github: Send): Promise<Session> {
  const { log, mask } = runner
  const clock = systemClock
  const { signal, deadline, timer } = startDeadline(settings, clock)
  const transport = createSend({
    ...transportParts(runner.env, log),
    insecureOrigins: new Set(settings.insecure ? [settings.registry.origin] : []),
    ca: settings.caFile === null ? null : await readCertificates(settings.caFile),
    signal,
    deadline,
    concurrency: settings.concurrency,
  })
  const sleep = (milliseconds: number) => pause(milliseconds, undefined, { signal })
  const aws = readAwsEnvironment(runner.env)
  const keychain = withEcrLogin({
    keychain: createKeychain({
      login: settings.login,
      registry: settings.registry,
      env: runner.env,
      mask,
      log,
    }),
    aws,
    // the address may be another vendor's, for another registry
    apiUrl: settings.provider === 'ecr' ? settings.apiUrl : null,
    send: transport.send,
    clock,
    sleep,
    mask,
  })
  // Token lifetimes are counted on a clock that no time server turns back.
  const monotonic = (): number => performance.now()
  const challenges = new Map<string, readonly string[]>()
  const send = createAuthorizedSend({
    send: transport.send,
    keychain,
    mask,
    clock: monotonic,
    log,
    hear: ({ origin }, headers) => void challenges.set(origin, headers),
  })
  const cache = settings.cacheDir === null ? null : createRegistryCache(settings.cacheDir, log)
  const http = createHttpSource({
    provider: settings.provider,
    apiUrl: settings.apiUrl,
    challengeOf: ({ origin }) => challenges.get(origin) ?? [],
    registry: settings.registry,
    login: settings.login,
    github: { apiUrl: githubApiUrl(runner.env), token: settings.githubToken || null },
    send: transport.send,
    sendToRegistry: send,
    keychain,
    aws,
    mask,
    log,
    clock,
    deadline,
    sleep,
    cache,
  })
  return {
    ...chooseSource({ 'http:': http, 'https:': http }),
    openLocal: async (source) => {
      const reader = await openLocalImage(source, { signal })
      return { reader, top: reader.top }
    },
    readLayer: createReadLayer(signal),
    github,
    clock,
    sleep: (milliseconds) => sleep(milliseconds).catch(() => undefined),
    timeIsUp: () => signal.aborted,
    stats: transport.stats,
    dispose: () => {
      clearTimeout(timer)
      transport.dispose()
      // the process lives until it is written
      void cache?.close()
    },
  }
}

/** One source out of several: each registry is asked through the one of its protocol. */
function chooseSource(sources: Readonly<Record<'http:' | 'https:', RegistrySource>>): RegistrySource {
  const sourceOf = ({ origin }: Registry) =>
    origin.startsWith('https:') ? sources['https:'] : sources['http:']
  return {
    open: (repository) => sourceOf(repository.registry).open(repository),
    catalog: (registry, owner) => sourceOf(registry).catalog(registry, owner),
    target: (repository, options) => sourceOf(repository.registry).target(repository, options),
    probe: (registry) => sourceOf(registry).probe(registry),
    grants: (repository) => sourceOf(repository.registry).grants(repository),
  }
}

/** Beyond it Node fires at once, and the run would be over before it began. */
const LONGEST_TIMER = 2 ** 31 - 1

function startDeadline({ maxDuration }: CommonSettings, clock: Clock) {
  const controller = new AbortController()
  if (maxDuration === null) return { signal: controller.signal, deadline: null, timer: undefined }
  const timer = setTimeout(() => controller.abort(), Math.min(maxDuration, LONGEST_TIMER))
  return { signal: controller.signal, deadline: asTimestamp(clock() + maxDuration), timer }
}

/** The runner sets it, on GitHub Enterprise to another host. */
function githubApiUrl(env: Runner['env']): URL {
  return parseApiUrl(env['GITHUB_API_URL'] || 'https://api.github.com', 'GITHUB_API_URL')
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
