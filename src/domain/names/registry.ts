import { inputError } from '../errors.ts'
import { detectProvider } from '../vendors/vendors.ts'
import type { Provider } from './provider.ts'

/** A registry as an origin to talk to. Two registries are the same when `origin` is. */
export interface Registry {
  /**
   * lower-case host with port unless the scheme's default, as people write it (`docker.io`, `localhost:5000`)
   */
  readonly host: string
  /** scheme, host and port requests go to, e.g. `https://registry-1.docker.io`; no trailing slash */
  readonly origin: string
  /**
   * what kind of registry it is: the input `provider`, else by its host, else by what it says of itself when
   * it is first opened; `generic` until then, and where nothing tells
   */
  readonly provider: Provider
}

/** The registry of references that name none, unless the input `registry` says otherwise. */
export const DOCKER_HUB: Registry = {
  host: 'docker.io',
  origin: 'https://registry-1.docker.io',
  provider: 'docker-hub',
}

const HUB_ALIASES: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io'])

const MAX_AUTHORITY_LENGTH = 255 + ':65535'.length
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?'
const AUTHORITY = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[A-Fa-f0-9:]+\\])(?::[0-9]{1,5})?$`)
const LOOPBACK = /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/
const ACCEPTED =
  'Write a host such as ghcr.io or localhost:5000, with http:// or https:// in front to choose the protocol'

/**
 * Parses the input `registry`: `host[:port]`, optionally behind `http://` or `https://`, or `file:///path` of a
 * storage folder. Loopback hosts
 * without a scheme speak plain HTTP unless `withoutScheme` says otherwise, all others TLS; nothing else ever
 * turns TLS off.
 * @throws WardenError of kind `input`; its message never repeats userinfo.
 */
export function parseRegistry(text: string, withoutScheme: 'https' | null = null): Registry {
  if (/^file:/i.test(text.trim())) return storageRegistry(text.trim())
  const [, scheme, rest = ''] = /^(?:(https?):\/\/)?(.*)$/is.exec(text.trim()) ?? []
  const shown = withoutUserinfo(text)
  if (rest.includes('@')) {
    throw inputError('registry', shown, 'Put credentials into the inputs username and password')
  }
  if (/[?#]/.test(rest)) throw inputError('registry', shown, `It has no query or fragment. ${ACCEPTED}`)
  // docker login writes Docker Hub as https://index.docker.io/v1/
  const host = rest.replace(/^(index\.docker\.io)\/v1\/?$/i, '$1').replace(/\/$/, '')
  if (host.includes('/')) {
    throw inputError(
      'registry',
      shown,
      `It has no path; repositories belong into the input image. ${ACCEPTED}`,
    )
  }
  const protocol = scheme === undefined ? withoutScheme : scheme.toLowerCase() === 'http' ? 'http' : 'https'
  const registry = registryAt(host, protocol)
  if (registry === null) throw inputError('registry', shown, ACCEPTED)
  if (protocol === 'http' && registry === DOCKER_HUB) {
    throw inputError('registry', shown, 'Docker Hub speaks https only: write docker.io')
  }
  return registry
}

/**
 * What stands for the host in the names of repositories of a storage folder, whatever its path: an undo file
 * goes on fitting when the folder is mounted elsewhere. Nobody can register a name below `.localhost`.
 */
export const STORAGE_HOST = 'storage.localhost'

function storageRegistry(text: string): Registry {
  const path = pathOfFileUrl(URL.parse(text))
  // with two slashes the first folder would be a host
  if (path === null || !/^file:\/\/\//i.test(text)) {
    throw inputError(
      'registry',
      text,
      'The storage folder of a registry is written file:// and its absolute path: file:///var/lib/registry',
    )
  }
  return {
    host: STORAGE_HOST,
    origin: `file://${path.split('/').map(encodeURIComponent).join('/')}`,
    provider: 'generic',
  }
}

/** Whether it is a storage folder rather than something that is asked over HTTP. */
export function isStorageFolder({ origin }: Pick<Registry, 'origin'>): boolean {
  return origin.startsWith('file:')
}

/**
 * Absolute path of the storage folder that stands for this registry; null for one that is asked over HTTP.
 */
export function storageFolderOf({ origin }: Registry): string | null {
  return isStorageFolder({ origin }) ? pathOfFileUrl(URL.parse(origin)) : null
}

function pathOfFileUrl(url: URL | null): string | null {
  if (url === null || url.protocol !== 'file:' || url.host !== '' || url.search + url.hash !== '') return null
  try {
    return decodeURIComponent(url.pathname).replace(/(?<=.)\/+$/, '')
  } catch {
    return null
  }
}

/**
 * The registry behind `host[:port]`, or null when that is not a host. A null protocol means plain HTTP for
 * loopback hosts and TLS for the rest.
 */
export function registryAt(authority: string, protocol: 'http' | 'https' | null): Registry | null {
  if (authority.length > MAX_AUTHORITY_LENGTH || !AUTHORITY.test(authority)) return null
  // The URL parser says what would really be asked: it folds `127.1`, `0x7f.1` and long IPv6 forms.
  const url = URL.parse(`${protocol ?? 'https'}://${authority}`)
  if (url === null || url.port === '0') return null
  if (protocol === null && LOOPBACK.test(url.hostname)) return registryAt(authority, 'http')
  if (url.port === '' && HUB_ALIASES.has(url.hostname)) return DOCKER_HUB
  return { host: url.host, origin: url.origin, provider: detectProvider(url.host) }
}

/**
 * The registry as the kind that the input `provider` names; null is `auto`. A host that is known for one
 * vendor is not another's: a wrong `provider` would send one's credentials to another, or delete in one place
 * what was looked at in another. It may be `generic`: the registry's own API only.
 * @throws WardenError of kind `input`
 */
export function withProvider(registry: Registry, given: Provider | null): Registry {
  const { provider: detected, host } = registry
  if (given === null || given === detected) return registry
  if (detected !== 'generic' && given !== 'generic') {
    throw inputError('provider', given, `${host} is ${detected}: write that, auto or generic`)
  }
  return { ...registry, provider: given }
}

/** Whether this is Docker Hub, where repositories without a namespace live in `library/`. */
export function isDockerHub(registry: Registry): boolean {
  return registry.origin === DOCKER_HUB.origin
}

/** Text for a message, with everything cut that could be `user:password@`; a digest stays. */
export function withoutUserinfo(text: string): string {
  const at = text.lastIndexOf('@')
  return at === -1 || /^(?:sha\d+|blake3):/.test(text.slice(at + 1)) ? text : `…${text.slice(at)}`
}
