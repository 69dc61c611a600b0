import { BlockList, isIP } from 'node:net'
import type { Environment } from '../domain/environment.ts'
import { isLoopback } from './origin.ts'
import { isReadable } from './proxy-variables.ts'

/**
 * The proxy for a URL by HTTPS_PROXY, HTTP_PROXY and NO_PROXY, the lower-case names first, as every program
 * on a runner reads them; null: none. Loopback never has one.
 * @throws Error where the variable does not hold a URL
 */
export function proxyFor(url: URL, env: Environment): URL | null {
  if (isLoopback(url.hostname) || isExcepted(url, env['no_proxy'] || env['NO_PROXY'] || '')) return null
  const isTls = url.protocol === 'https:'
  const text =
    (isTls ? env['https_proxy'] || env['HTTPS_PROXY'] : env['http_proxy'] || env['HTTP_PROXY']) ?? ''
  if (text === '') return null
  // a user name and a port look alike without a scheme
  if (!/^https?:\/\//i.test(text)) return new URL(/:\/\/|@/.test(text) ? text : `http://${text}`)
  // whoever opened the transport has warned of it
  return isReadable(text) ? new URL(text) : null
}

/**
 * NO_PROXY: `*`, names with all below them, `.names`, addresses, ranges (`10.0.0.0/8`); each may have a port.
 */
function isExcepted(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => matches(entry.toLowerCase(), host, port))
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  if (isIP(host) !== 0 && entry.includes('/')) return inRange(entry, host)
  const [, bracketed, plain = '', wantedPort] = /^(?:\[([^\]]+)\]|(.*?))(?::(\d+))?$/.exec(entry) ?? []
  // an IPv6 address without brackets is not a name with a port
  const name = isIP(entry) === 6 ? entry : (bracketed ?? plain)
  if (isIP(entry) !== 6 && wantedPort !== undefined && wantedPort !== port) return false
  const suffix = name.replace(/^\*?\./, '')
  return suffix !== '' && (host === suffix || (isIP(host) === 0 && host.endsWith(`.${suffix}`)))
}

function inRange(entry: string, address: string): boolean {
  const [network = '', bits = ''] = entry.replace(/[[\]]/g, '').split('/')
  const version = isIP(network)
  if (version === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128)) return false
  const range = new BlockList()
  range.addSubnet(network, Number(bits), version === 4 ? 'ipv4' : 'ipv6')
  return range.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}
