import type { Registry } from '../domain/names/reference.ts'
import { parseCredentialEntry, parseCredentialFile } from '../wire/credential-file.ts'
import type { CredentialTarget } from './credential.ts'

/** A login as a credential file holds it. */
export type Login =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'identity'; readonly username: string | null; readonly token: string }
  | { readonly kind: 'bearer'; readonly token: string }

/**
 * A Docker or Podman credential file, keys canonicalised. `HttpHeaders` are secrets for other servers, and
 * are not read.
 */
export interface DockerConfig {
  readonly logins: ReadonlyMap<string, Login>
  /** host → suffix of the program `docker-credential-<suffix>` */
  readonly helpers: ReadonlyMap<string, string>
  /** suffix of the program that is asked for every host */
  readonly defaultHelper: string | null
  /** keys of entries that cannot be used, with the reason; no values */
  readonly problems: readonly string[]
}

/** The key under which Docker keeps its Hub. */
export const HUB_KEY = 'https://index.docker.io/v1/'

const HUB_HOSTS = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io'])
/** What Node puts into a header. */
const HEADER_TEXT = /^[\x21-\x7e]+$/
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const MAX_KEY_LENGTH = 1024

/**
 * Parses the text of a credential file; null when it is not a JSON object. A broken entry does not void the
 * others.
 */
export function parseDockerConfig(content: string): DockerConfig | null {
  const file = parseCredentialFile(content)
  if (file === null) return null
  const problems: string[] = []
  const logins = readKeys(file.auths, (entry, key) => {
    const login = readLogin(entry)
    if (typeof login !== 'string') return login
    problems.push(`${JSON.stringify(key.slice(0, 100))} ${login}`)
    return null
  })
  const helpers = readKeys(file.credHelpers, (suffix) =>
    typeof suffix === 'string' && suffix !== '' ? suffix : null,
  )
  return {
    logins,
    helpers,
    defaultHelper: file.credsStore === '' ? null : file.credsStore,
    problems,
  }
}

/**
 * The keys that may hold a login for a target, most specific first: Podman's `host/ns/repo` and `host/ns`,
 * then the host. Compared for equality only: substring matching has sent logins to the wrong registry
 * (sigstore-js before 0.7.2).
 */
export function lookupKeys({ registry, path }: CredentialTarget): readonly string[] {
  const hosts = hostKeys(registry)
  const parts = path === null ? [] : path.split('/')
  const prefixes = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))
  return [...prefixes.flatMap((prefix) => hosts.map((host) => `${host}/${prefix}`)), ...hosts]
}

/** The host as a key: without port, a registry on its default port is also known with it. */
export function hostKeys({ host, origin }: Registry): readonly string[] {
  const name = host.toLowerCase()
  if (HUB_HOSTS.has(name)) return ['docker.io']
  const url = new URL(origin)
  if (url.port !== '') return [name]
  return [name, `${name}:${url.protocol === 'https:' ? '443' : '80'}`]
}

/** Canonicalises every key; where several mean the same, the one written exactly so wins, then the first. */
function readKeys<T>(
  entries: ReadonlyMap<string, unknown>,
  read: (value: unknown, key: string) => T | null,
): Map<string, T> {
  const found = new Map<string, T>()
  for (const [key, value] of entries) {
    const canonical = canonicalKey(key)
    const result = canonical === null ? null : read(value, key)
    if (canonical === null || result === null) continue
    const isExact = key === canonical || key === HUB_KEY
    if (isExact || !found.has(canonical)) found.set(canonical, result)
  }
  return found
}

/**
 * `host[:port]` or Podman's `host[:port]/namespace`; null for what is not a registry's login.
 * Docker reads keys with a scheme by their host. Without a scheme a path is a namespace, and must not widen
 * to the host.
 */
function canonicalKey(key: string): string | null {
  if (key.length > MAX_KEY_LENGTH) return null
  const scheme = /^(https?):\/\//i.exec(key)
  const bare = scheme === null ? key : key.slice(scheme[0].length)
  const slash = bare.indexOf('/')
  const rawHost = (slash < 0 ? bare : bare.slice(0, slash)).toLowerCase()
  const path = slash < 0 ? '' : bare.slice(slash + 1).replace(/\/$/, '')
  const defaultPort = scheme?.[1]?.toLowerCase() === 'http' ? ':80' : ':443'
  const host =
    scheme !== null && rawHost.endsWith(defaultPort) ? rawHost.slice(0, -defaultPort.length) : rawHost
  if (host === '') return null
  const name = HUB_HOSTS.has(host) ? 'docker.io' : host
  if (path === '' || path === 'v1' || path === 'v2') return name
  // `https://index.docker.io/v1/access-token` and its like are Docker Desktop's own
  if (scheme !== null) return name === 'docker.io' ? null : name
  return `${name}/${path}`
}

/**
 * The login of an entry; null for a marker such as `{}`, which says that a helper holds it; a string says
 * what is broken.
 */
function readLogin(value: unknown): Login | string | null {
  const entry = parseCredentialEntry(value)
  if (entry === null) return 'is not an object'
  const { auth, username, password, identitytoken, registrytoken } = entry
  if (registrytoken !== '') {
    return HEADER_TEXT.test(registrytoken)
      ? { kind: 'bearer', token: registrytoken }
      : 'has a registrytoken with characters that no header can carry'
  }
  const pair = auth === '' ? { username, password } : decodeAuth(auth)
  if (identitytoken !== '') {
    const known = pair === null || pair.username === '' || pair.username === '<token>' ? null : pair.username
    return { kind: 'identity', username: known, token: identitytoken }
  }
  if (pair === null) return 'has an auth value that is not Base64 of user:password'
  if (pair.username === '' && pair.password === '') return null
  return { kind: 'basic', ...pair }
}

/**
 * Base64 of `user:password`; null when it is not. `Buffer.from` never throws, hence the look at the alphabet.
 */
function decodeAuth(auth: string): { username: string; password: string } | null {
  // wrapped at 76 columns by `base64`; blanks do not matter to other clients either
  const compact = auth.replaceAll(/\s+/g, '')
  if (!BASE64.test(compact)) return null
  // Docker pads with NULs
  const pair = Buffer.from(compact, 'base64')
    .toString('utf8')
    .replace(/\0{1,64}$/, '')
  const colon = pair.indexOf(':')
  return colon < 0 ? null : { username: pair.slice(0, colon), password: pair.slice(colon + 1) }
}
