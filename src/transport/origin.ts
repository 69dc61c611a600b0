import { BlockList, isIP } from 'node:net'

/** Whether two URLs share scheme, host and port: the only border across which a credential may not go. */
export function sameOrigin(a: URL, b: URL): boolean {
  return a.protocol === b.protocol && a.host === b.host && a.hostname !== ''
}

/** Origin and path of a URL, for people: the query of a presigned URL is a secret, and so is userinfo. */
export function printableUrl(url: URL): string {
  return `${url.origin}${url.pathname}`
}

/** What a host literal names; `public` also stands for every name that is not `localhost`. */
export type HostScope = 'public' | 'private' | 'loopback' | 'local-only'

type Subnet = readonly [network: string, prefix: number]

const subnets: ReadonlyMap<Exclude<HostScope, 'public'>, readonly Subnet[]> = new Map([
  [
    'loopback',
    [
      ['127.0.0.0', 8],
      ['::1', 128],
    ],
  ],
  [
    // "this host" and link-local: the metadata service of every cloud lives at 169.254.169.254
    'local-only',
    [
      ['0.0.0.0', 8],
      ['169.254.0.0', 16],
      ['::', 128],
      ['fe80::', 10],
    ],
  ],
  [
    'private',
    [
      ['10.0.0.0', 8],
      ['100.64.0.0', 10],
      ['172.16.0.0', 12],
      ['192.0.0.0', 24],
      ['192.168.0.0', 16],
      ['198.18.0.0', 15],
      ['224.0.0.0', 3],
      // IPv4 in other clothes: compatible, translated, NAT64, Teredo and 6to4 addresses
      ['::', 96],
      ['::ffff:0:0:0', 96],
      ['64:ff9b::', 32],
      ['2001::', 32],
      ['2002::', 16],
      ['fc00::', 7],
      ['fec0::', 10],
      ['ff00::', 8],
    ],
  ],
])

const scopes = [...subnets].map(([scope, list]) => ({ scope, addresses: blockList(list) }))

/**
 * What a host name as written names, after the canonicalisation of URLs (`0x7f.1` and `2130706433` are
 * 127.0.0.1) and with IPv4-mapped IPv6 unwrapped. Names are not resolved. What is not a host at all is
 * `local-only`.
 */
export function hostScope(hostname: string): HostScope {
  const canonical = canonicalHost(hostname)
  if (canonical === null) return 'local-only'
  const version = isIP(canonical)
  if (version === 0) return /(?:^|\.)localhost\.?$/.test(canonical) ? 'loopback' : 'public'
  const family = version === 4 ? 'ipv4' : 'ipv6'
  return scopes.find(({ addresses }) => addresses.check(canonical, family))?.scope ?? 'public'
}

const depths: Readonly<Record<HostScope, number>> = {
  public: 0,
  private: 1,
  loopback: 2,
  'local-only': Number.POSITIVE_INFINITY,
}

/** How deep in the network something is; where nobody may be sent is deeper than all. */
export function depth(scope: HostScope): number {
  return depths[scope]
}

/** An address, or `localhost`: any other name means what a name server says. */
export function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '')
  return hostname === 'localhost' || (isIP(address) !== 0 && hostScope(hostname) === 'loopback')
}

/**
 * Whether a server may send us from one host to another: never deeper into the network than where it is
 * itself.
 */
export function mayReach(from: string, to: string): boolean {
  const [source, target] = [hostScope(from), hostScope(to)]
  if (from === to || target === 'public') return true
  if (source === 'local-only' || target === 'local-only') return false
  return depth(target) <= depth(source)
}

function canonicalHost(hostname: string): string | null {
  const bare = isIP(hostname) === 6 ? `[${hostname}]` : hostname
  if (!URL.canParse(`http://${bare}/`)) return null
  return new URL(`http://${bare}/`).hostname.replace(/^\[|\]$/g, '')
}

function blockList(list: readonly Subnet[]): BlockList {
  const addresses = new BlockList()
  for (const [network, prefix] of list)
    addresses.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4')
  return addresses
}
