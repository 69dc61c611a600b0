import { WardenError, shorten } from '../domain/errors.ts'
import type { Registry } from '../domain/names/reference.ts'
import { isLoopback, mayReach } from '../transport/origin.ts'

/**
 * The token server a Bearer challenge names, where a credential may be sent to it. A registry that is taken
 * over (or a proxy in between) must not point us at the runner's own network or at plain HTTP (oras-go
 * CVE-2026-48978).
 * @param realm as in the challenge; relative ones are resolved against `asked`
 * @throws WardenError of kind `protocol` that names the host and the rule it breaks
 */
export function resolveRealm(realm: string, asked: URL, registry: Registry): URL {
  const url = parseRealm(realm, asked, registry)
  const origin = new URL(registry.origin)
  if (url.username !== '' || url.password !== '') throw refusedRealm(registry, url, 'carries a user name')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refusedRealm(registry, url, 'is not https')
  if (!mayReach(origin.hostname, url.hostname)) {
    throw refusedRealm(registry, url, 'is on a private network that the registry is not on')
  }
  if (url.protocol === 'http:' && !isOwnHttp(url, origin)) throw refusedRealm(registry, url, 'is not https')
  url.hash = ''
  return url
}

/** Plain HTTP carries credentials in the clear: only where those for the registry itself go that way, too. */
function isOwnHttp(url: URL, origin: URL): boolean {
  if (origin.protocol !== 'http:') return false
  return url.hostname === origin.hostname || (isLoopback(url.hostname) && isLoopback(origin.hostname))
}

function parseRealm(realm: string, asked: URL, registry: Registry): URL {
  // the query of the URL that was asked may hold secrets, and is not a part of the base
  const url = realm.trim() === '' ? null : URL.parse(realm, `${asked.origin}${asked.pathname}`)
  if (url !== null) return url
  throw new WardenError(
    'protocol',
    `${registry.host} names a token server that is not a URL: ${JSON.stringify(shorten(realm, 80))}`,
  )
}

function refusedRealm(registry: Registry, url: URL, why: string): WardenError {
  return new WardenError(
    'protocol',
    `${registry.host} names ${url.protocol}//${url.host} as its token server, which ${why}`,
    { advice: 'No credentials were sent there; check the registry and any proxy in front of it' },
  )
}
