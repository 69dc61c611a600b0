import { readWhole } from './action/files.ts'
import { setTimeout as pause } from 'node:timers/promises'
import { createEnding } from './action/ending.ts'
import type { Ending, EndingParts } from './action/ending.ts'
import type { Runner } from './action/runner.ts'
import type { CommonSettings } from './action/settings.ts'
import type { OpenLocal } from './usecases/size/baseline.ts'
import { createAuthorizedSend } from './credentials/authenticator.ts'
import { type AwsKeys, readAwsEnvironment } from './credentials/aws.ts'
import { createMasker } from './credentials/masking.ts'
import type { Keychain } from './credentials/credential.ts'
import { withoutTokenIfRefused } from './credentials/github-login.ts'
import { createKeychain } from './credentials/keychain.ts'
import type { ReadLayer } from './domain/explain/ports.ts'
import { parseApiUrl } from './domain/names/api-url.ts'
import { isStorageFolder, storageFolderOf } from './domain/names/registry.ts'
import type { Registry } from './domain/names/registry.ts'
import type { Clock, Log, RegistrySource } from './domain/ports.ts'
import type { CollectGarbage } from './domain/storage/garbage.ts'
import { asTimestamp } from './domain/quantities/timestamp.ts'
import type { Timestamp } from './domain/quantities/timestamp.ts'
import { createRegistryCache } from './registry/cache.ts'
import { createHttpSource } from './registry/source.ts'
import type { OpenedStorage } from './storage/open.ts'
import { withEcrLogin } from './registry/vendors/ecr.ts'
import { unreadableProxies } from './transport/proxy-variables.ts'
import { createSend } from './transport/send.ts'
import type { Transport, TransportStats } from './transport/send.ts'
import type { Send } from './transport/types.ts'

/** What few runs need, in files of `dist` that are loaded late. */
const late = {
  images: () => import('./images/open.ts'),
  layers: () => import('./layers/read-layer.ts'),
  storage: () => import('./storage/open.ts'),
}

/** Everything a mode reaches the outside with, for one run. */
export interface Session extends RegistrySource {
  /** Sweeps the storage folder that `registry` names; null: it names none. */
  readonly collectGarbage: CollectGarbage | null
  readonly openLocal: OpenLocal
  /** Looks into a layer, for `explain: files`. */
  readonly readLayer: ReadLayer
  /** Sends to GitHub's API. */
  readonly github: Send
  readonly clock: Clock
  /** Milliseconds by which `clock` is ahead of the registry's; 0 where it is not, or nobody knows. */
  readonly clockLead: () => number
  /** Ends early when the run is to end. */
  readonly sleep: (milliseconds: number) => Promise<unknown>
  /** true once nothing new is to be begun */
  readonly timeIsUp: () => boolean
  readonly ending: Ending
  readonly stats: () => TransportStats
  /** Closes every connection. */
  readonly dispose: () => void
}

export const USER_AGENT = 'registry-warden (+https://github.com/registry-warden/registry-warden)'

export const systemClock: Clock = () => asTimestamp(Date.now())

/**
 * The way to GitHub's API, which no `max-duration` ends: what a run found until then is still to be told.
 * Only `registry` is asked without checking its certificate, or with `ca-file`.
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
export async function openSession(
  settings: CommonSettings,
  runner: Runner,
  github: Send,
  onCancel: EndingParts['onCancel'] = () => () => undefined,
): Promise<Session> {
  const { log } = runner
  const clock = systemClock
  const storage = await openStorage(settings, log)
  const { maxDuration } = settings
  const ending = createEnding({ maxDuration, onCancel })
  const deadline = maxDuration === null ? null : asTimestamp(clock() + maxDuration)
  const transport = await openTransport(settings, runner, ending.over, deadline)
  const sleep = (milliseconds: number) => pause(milliseconds, undefined, { signal: ending.stopping })
  const { send } = transport
  const cache = settings.cacheDir === null ? null : createRegistryCache(settings.cacheDir, log)
  const http = createHttpSource({
    provider: settings.provider,
    apiUrl: settings.apiUrl,
    registry: settings.registry,
    login: settings.login,
    ...openLogins(settings, runner, { send, sleep, over: ending.over }),
    github: { apiUrl: githubApiUrl(runner.env), token: settings.githubToken || null },
    send,
    mask: runner.mask,
    log,
    clock,
    deadline,
    sleep,
    cache,
  })
  const timeIsUp = () => ending.reason() !== null
  return {
    ...chooseSource({ 'http:': http, 'https:': http, 'file:': storage && storage.source }),
    ...openLocalReaders(ending.over),
    collectGarbage: storage && storage.createCollectGarbage({ now: clock, timeIsUp }),
    github,
    clock,
    clockLead: transport.clockLead,
    sleep: (milliseconds) => sleep(milliseconds).catch(() => undefined),
    timeIsUp,
    ending,
    stats: transport.stats,
    dispose: () => {
      ending.dispose()
      transport.dispose()
      // the process lives until it is written
      void cache?.close()
    },
  }
}

/** The way to registries and their vendors; `over` ends all that is under way. */
async function openTransport(
  { registry, insecure, caFile, concurrency }: CommonSettings,
  { env, log }: Runner,
  over: AbortSignal,
  deadline: Timestamp | null,
): Promise<Transport> {
  return createSend({
    ...transportParts(env, log),
    insecureOrigins: new Set(insecure ? [registry.origin] : []),
    ca: caFile === null ? null : await readCertificates(caFile),
    signal: over,
    deadline,
    concurrency,
  })
}

interface LoginParts {
  readonly send: Send
  readonly sleep: (milliseconds: number) => Promise<unknown>
  readonly over: AbortSignal
}

/** Who we are at each registry, and the way there that logs in. */
function openLogins(settings: CommonSettings, { env, mask, log }: Runner, { send, sleep, over }: LoginParts) {
  const { login, registry, githubToken } = settings
  const aws = readAwsEnvironment(env)
  if (aws.kind === 'keys') maskKeys(aws.keys, createMasker(mask))
  const identity = { login, registry, env, mask, log, signal: over }
  const keychain = withEcrLogin({
    keychain: createKeychain({ ...identity, githubToken }),
    aws,
    // the address may be another vendor's, for another registry
    apiUrl: settings.provider === 'ecr' ? settings.apiUrl : null,
    send,
    clock: systemClock,
    sleep,
    mask,
  })
  // Token lifetimes are counted on a clock that no time server turns back.
  const clock = (): number => performance.now()
  const challenges = new Map<string, readonly string[]>()
  const hear = ({ origin }: Registry, headers: readonly string[]) => void challenges.set(origin, headers)
  const authorized = (own: Keychain) => createAuthorizedSend({ send, keychain: own, mask, clock, log, hear })
  return {
    aws,
    keychain,
    challengeOf: ({ origin }: Registry) => challenges.get(origin) ?? [],
    sendToRegistry: withoutTokenIfRefused(
      authorized(keychain),
      authorized(createKeychain(identity)),
      keychain,
    ),
  }
}

/** What reads images that were never pushed, and layers; both end with `over`. */
function openLocalReaders(over: AbortSignal): Pick<Session, 'openLocal' | 'readLayer'> {
  return {
    openLocal: async (source) => {
      const { openLocalImage } = await late.images()
      const reader = await openLocalImage(source, { signal: over })
      return { reader, top: reader.top, path: reader.path }
    },
    readLayer: async (...layer) => {
      const { createReadLayer } = await late.layers()
      return createReadLayer(over)(...layer)
    },
  }
}

/** The storage folder that `registry` names. */
async function openStorage({ registry }: CommonSettings, log: Log): Promise<OpenedStorage | null> {
  const folder = storageFolderOf(registry)
  return folder === null ? null : (await late.storage()).openStorage(folder, log)
}

type Sources = Readonly<Record<'http:' | 'https:', RegistrySource>> & {
  /** null where `registry` names no storage folder, and so nothing does */
  readonly 'file:': RegistrySource | null
}

/** One source out of several: each registry is asked through the one of its protocol. */
function chooseSource(sources: Sources): RegistrySource {
  const sourceOf = (registry: Registry) => {
    const storage = isStorageFolder(registry) ? sources['file:'] : null
    return storage ?? (registry.origin.startsWith('https:') ? sources['https:'] : sources['http:'])
  }
  return {
    open: (repository) => sourceOf(repository.registry).open(repository),
    catalog: (registry, owner) => sourceOf(registry).catalog(registry, owner),
    target: (repository, options) => sourceOf(repository.registry).target(repository, options),
    probe: (registry) => sourceOf(registry).probe(registry),
    grants: (repository) => sourceOf(repository.registry).grants(repository),
  }
}

/** The runner sets it, on GitHub Enterprise to another host. */
function githubApiUrl(env: Runner['env']): URL {
  return parseApiUrl(env['GITHUB_API_URL'] || 'https://api.github.com', 'GITHUB_API_URL')
}

/** A bundle of all public authorities has 250 KB. */
const MAX_CA_BYTES = 4 * 1024 * 1024

async function readCertificates(path: string): Promise<string> {
  return (await readWhole(path, MAX_CA_BYTES, 'ca-file')).toString('utf8')
}

/** The runner masks what an action registered; nobody may have, and outputs and files are not masked at all. */
function maskKeys({ secretAccessKey, sessionToken }: AwsKeys, mask: Runner['mask']): void {
  mask(secretAccessKey)
  if (sessionToken !== null) mask(sessionToken)
}
