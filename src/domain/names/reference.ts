import { inputError, shorten } from '../errors.ts'
import type { WardenError } from '../errors.ts'
import type { Digest } from './digest.ts'
import { isDigest } from './digest.ts'
import type { Registry } from './registry.ts'
import { STORAGE_HOST, isDockerHub, isStorageFolder, registryAt, withoutUserinfo } from './registry.ts'
import type { Tag } from './tag.ts'
import { isTag } from './tag.ts'

export type { Registry } from './registry.ts'
export { DOCKER_HUB, isDockerHub, parseRegistry } from './registry.ts'

/** A repository: `path` is validated and safe to put into a URL path. */
export interface Repository {
  readonly registry: Registry
  readonly path: string
}

/**
 * `[host/]repo[:tag][@digest]`, parsed (distribution/reference grammar). Neither tag nor digest: both are
 * null.
 */
export interface Reference {
  readonly repository: Repository
  readonly tag: Tag | null
  readonly digest: Digest | null
}

const MAX_PATH_LENGTH = 255
const MAX_LENGTH = 1200
// `-+`, not the `[-]*` of the distribution documents: that form is exponential in V8
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`)

/**
 * Parses `[host/]repo[:tag][@digest]` (distribution/reference reference.go, normalize.go). A name without a
 * host belongs to `defaultRegistry`; another host is asked over TLS unless it is a loopback one.
 * @param input the input the text came from, for the message
 * @throws WardenError of kind `input`; its message never repeats userinfo.
 */
export function parseReference(text: string, defaultRegistry: Registry, input = 'image'): Reference {
  const refuse = (accepted: string): WardenError => inputError(input, withoutUserinfo(text), accepted)
  if (text === '') throw refuse('Write a reference such as ghcr.io/acme/api:1.2.3')
  if (text.length > MAX_LENGTH) throw refuse(`A reference has at most ${MAX_LENGTH} characters`)
  rejectScheme(text, refuse)
  if (/^[^/]*@.*\//s.test(text))
    throw refuse('A reference holds no credentials: use the inputs username and password')
  if (/^[a-f0-9]{64}$/.test(text)) {
    throw refuse(
      'That is an image ID of a local store: write a repository with a tag or with @sha256:<64 hex>',
    )
  }

  const at = text.indexOf('@')
  const digest = at === -1 ? null : text.slice(at + 1)
  if (digest !== null && !isDigest(digest))
    throw refuse('What follows @ must be a digest: sha256:<64 lower-case hex>')
  const named = splitHost(at === -1 ? text : text.slice(0, at), defaultRegistry)
  if (named.registry === null)
    throw refuse(`${JSON.stringify(shorten(named.host, 100))} is not a host[:port]`)

  if (named.registry.host === STORAGE_HOST && !isStorageFolder(named.registry))
    throw refuse(`${STORAGE_HOST} stands for a storage folder: set the input registry to its file:///path`)

  const colon = named.rest.indexOf(':', named.rest.lastIndexOf('/') + 1)
  const tag = colon === -1 ? null : named.rest.slice(colon + 1)
  if (tag !== null && !isTag(tag)) {
    throw refuse('A tag has 1 to 128 letters, digits, _ . or -, and starts with neither . nor -')
  }
  const path = colon === -1 ? named.rest : named.rest.slice(0, colon)
  rejectPath(path, refuse)
  return { repository: repositoryAt(named.registry, path), tag, digest }
}

/**
 * Parses a reference that names a repository only.
 * @throws WardenError of kind `input`, also for a tag or digest: it would be silently ignored.
 */
export function parseRepository(text: string, defaultRegistry: Registry, input = 'image'): Repository {
  const { repository, tag, digest } = parseReference(text, defaultRegistry, input)
  if (tag !== null || digest !== null) {
    throw inputError(
      input,
      text,
      `A repository is wanted here, without tag and digest: write ${formatRepository(repository)}`,
    )
  }
  return repository
}

/**
 * `host/path`, the same for every way of writing the repository; parsed again it names the same one. Docker
 * Hub's official images keep their namespace (`docker.io/library/nginx`), as Podman and containerd print
 * them; a host that would read as a namespace keeps its port (`registry:80/app`).
 */
export function formatRepository({ registry, path }: Repository): string {
  return `${isHost(registry.host) ? registry.host : withPort(registry)}/${path}`
}

/** `host/path[:tag][@digest]`. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === null ? '' : `:${reference.tag}`
  const digest = reference.digest === null ? '' : `@${reference.digest}`
  return formatRepository(reference.repository) + tag + digest
}

/** Whether both name the same repository of the same registry. */
export function sameRepository(a: Repository, b: Repository): boolean {
  return a.registry.origin === b.registry.origin && a.path === b.path
}

/**
 * Checks a repository path that a registry's catalog or an API gave.
 * @returns null when it does not fit the grammar and must not get into a URL
 */
export function repositoryFromCatalog(registry: Registry, path: string): Repository | null {
  return path.length <= MAX_PATH_LENGTH && PATH.test(path) ? { registry, path } : null
}

/**
 * Cuts the host off a name (normalize.go splitDockerDomain): the part before the first slash is one when it
 * has a dot, a colon or an upper-case letter, or is `localhost`.
 */
export function splitHost(
  name: string,
  defaultRegistry: Registry,
): { registry: Registry | null; host: string; rest: string } {
  const slash = name.indexOf('/')
  const host = name.slice(0, Math.max(slash, 0))
  if (!isHost(host)) return { registry: defaultRegistry, host: defaultRegistry.host, rest: name }
  return { registry: namedRegistry(host, defaultRegistry), host, rest: name.slice(slash + 1) }
}

/**
 * A host that is the default registry's speaks its protocol, so that `http://` chosen there holds for
 * references too.
 */
function namedRegistry(host: string, defaultRegistry: Registry): Registry | null {
  // a storage folder's is not a host that could be asked
  if (host === defaultRegistry.host) return defaultRegistry
  const protocol = defaultRegistry.origin.startsWith('http:') ? 'http' : 'https'
  if (registryAt(host, protocol)?.origin === defaultRegistry.origin) return defaultRegistry
  return registryAt(host, null)
}

function isHost(component: string): boolean {
  return /[.:A-Z]/.test(component) || component === 'localhost'
}

function withPort(registry: Registry): string {
  return `${registry.host}:${registry.origin.startsWith('http:') ? 80 : 443}`
}

function repositoryAt(registry: Registry, path: string): Repository {
  return { registry, path: isDockerHub(registry) && !path.includes('/') ? `library/${path}` : path }
}

function rejectScheme(text: string, refuse: (accepted: string) => WardenError): void {
  const [, scheme, rest = ''] = /^([A-Za-z][A-Za-z0-9+.-]{0,40}):\/\/(.*)$/s.exec(text) ?? []
  if (scheme === undefined) return
  const written = shorten(withoutUserinfo(rest).replace('…@', '').replace(/\s+/g, ' '), 200)
  const host = written.split('/', 1)[0]
  if (scheme === 'http') throw refuse(`Write ${written}; plain HTTP is chosen by registry: http://${host}`)
  if (/^(?:https|docker|oci)$/i.test(scheme)) throw refuse(`A reference has no scheme: write ${written}`)
  throw refuse(`${scheme}:// is not known here: write a reference such as ghcr.io/acme/api:1.2.3`)
}

function rejectPath(path: string, refuse: (accepted: string) => WardenError): void {
  if (path.length > MAX_PATH_LENGTH)
    throw refuse(`A repository path has at most ${MAX_PATH_LENGTH} characters`)
  if (PATH.test(path)) return
  if (PATH.test(path.toLowerCase()))
    throw refuse(`Repository names are lower case: write ${path.toLowerCase()}`)
  throw refuse(
    'A repository path is lower-case letters and digits, joined by . _ __ - or /: [host/]repo[:tag][@digest]',
  )
}
