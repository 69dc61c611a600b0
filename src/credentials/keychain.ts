import { homedir } from 'node:os'
import type { Environment } from '../domain/environment.ts'
import type { Registry } from '../domain/names/reference.ts'
import type { Log, MaskSecret } from '../domain/ports.ts'
import type { Credential, Keychain, CredentialTarget } from './credential.ts'
import { credentialPlaces, localFiles } from './credential-files.ts'
import type { CredentialPlace, FileAccess } from './credential-files.ts'
import { createAskHelper } from './credential-helper.ts'
import type { AskHelper } from './credential-helper.ts'
import { HUB_KEY, hostKeys, lookupKeys, parseDockerConfig } from './docker-config.ts'
import type { DockerConfig, Login } from './docker-config.ts'
import { githubLogin } from './github-login.ts'
import { createMasker, maskLogin } from './masking.ts'

export interface KeychainParts {
  /** inputs `username` and `password`; null when they are empty */
  readonly login: { readonly username: string; readonly password: string } | null
  /** input `registry`: the only one that `login` is for */
  readonly registry: Registry
  /** input `github-token`, the login of last resort for GitHub's container registry; default: none */
  readonly githubToken?: string
  readonly env: Environment
  readonly mask: MaskSecret
  readonly log: Log
  /** default: of this machine */
  readonly home?: string
  readonly files?: FileAccess
  readonly askHelper?: AskHelper
  /** ends what a credential helper does */
  readonly signal?: AbortSignal
}

/**
 * Who we are at each registry: the inputs for `registry` itself, else the first credential file or helper
 * that knows the repository, else the job's token where it is GitHub's own, else nobody. Looked up when first
 * needed, once per repository; files are read once.
 */
export function createKeychain(parts: KeychainParts): Keychain {
  const { env, log, home = homedir(), files = localFiles } = parts
  const mask = createMasker(parts.mask)
  const askHelper = remembered(
    parts.askHelper ??
      createAskHelper({ mask, env, ...(parts.signal === undefined ? {} : { signal: parts.signal }) }),
  )
  const inputs = parts.login === null ? null : inputCredential(parts.login, mask, log)
  const configs = new Map<string, Promise<DockerConfig | null>>()
  const known = new Map<string, Promise<Credential>>()

  function configAt(place: CredentialPlace): Promise<DockerConfig | null> {
    const config = configs.get(place.name) ?? loadConfig(place, log)
    configs.set(place.name, config)
    return config
  }

  async function find(target: CredentialTarget): Promise<Credential> {
    if (inputs !== null && target.registry.origin === parts.registry.origin) return inputs
    const looked: string[] = []
    for (const place of await credentialPlaces(target, env, home, files)) {
      const config = await configAt(place)
      if (config === null) continue
      looked.push(place.name)
      const login = await findLogin(config, target, askHelper)
      if (login === null) continue
      const secret = login.kind === 'basic' ? login.password : login.token
      maskLogin(mask, login.kind === 'bearer' ? '' : (login.username ?? ''), secret)
      return { ...login, source: place.name }
    }
    const own = githubLogin(target, parts.githubToken ?? '', env)
    if (own !== null) {
      maskLogin(mask, own.username, own.password)
      return own
    }
    const source = looked.length === 0 ? 'any credential file' : looked.join(', ')
    return { kind: 'anonymous', source, ...(inputs === null ? {} : { inputsFor: parts.registry.host }) }
  }

  return (target) => {
    const key = `${target.registry.origin} ${target.path ?? ''}`
    const credential = known.get(key) ?? find(target)
    known.set(key, credential)
    return credential
  }
}

function inputCredential(login: NonNullable<KeychainParts['login']>, mask: MaskSecret, log: Log): Credential {
  // a secret pasted with its line end is the most common wrong password
  const password = login.password.replace(/\r?\n$/, '')
  if (password !== login.password) log.notice('input password ends with a line break, which was removed')
  maskLogin(mask, login.username, password)
  return { kind: 'basic', username: login.username, password, source: 'the inputs username and password' }
}

async function loadConfig(place: CredentialPlace, log: Log): Promise<DockerConfig | null> {
  try {
    const content = await place.read()
    if (content === null || content.trim() === '') return null
    const config = parseDockerConfig(content)
    if (config === null) log.warning(`${place.name} is not a Docker configuration (JSON) and is ignored`)
    for (const problem of config?.problems ?? [])
      log.warning(`${place.name}: entry ${problem} and is ignored`)
    return config
  } catch (error) {
    const why =
      error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error)
    log.warning(`${place.name} cannot be read (${why}) and is ignored`)
    return null
  }
}

/**
 * Within one file: the helper of this host, or else that of all hosts, then the entries [oras-go
 * credentials/store.go].
 */
async function findLogin(
  config: DockerConfig,
  target: CredentialTarget,
  askHelper: AskHelper,
): Promise<Login | null> {
  const hosts = hostKeys(target.registry)
  const own = hosts.map((host) => config.helpers.get(host)).find((suffix) => suffix !== undefined)
  const suffix = own ?? config.defaultHelper
  if (suffix !== null) {
    const login = await askHelper(suffix, hosts[0] === 'docker.io' ? HUB_KEY : target.registry.host)
    // beside a helper that has nothing, an entry with a password still counts; `{}` is only its marker
    if (login !== null) return login
  }
  const key = lookupKeys(target).find((key) => config.logins.has(key))
  return key === undefined ? null : (config.logins.get(key) ?? null)
}

/** Helpers answer per host: one program run serves every repository of a registry. */
function remembered(ask: AskHelper): AskHelper {
  const answers = new Map<string, Promise<Login | null>>()
  return (suffix, serverKey) => {
    const key = `${suffix} ${serverKey}`
    const answer = answers.get(key) ?? ask(suffix, serverKey)
    answers.set(key, answer)
    return answer
  }
}
