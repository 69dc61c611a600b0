import type * as http from 'node:http'
import type { SecureContext } from 'node:tls'
import type { Environment } from '../domain/environment.ts'
import { WardenError } from '../domain/errors.ts'
import type { Concurrency } from '../domain/quantities/concurrency.ts'
import { mostInFlight } from '../domain/quantities/concurrency.ts'
import { createAddresses } from './addresses.ts'
import type { Addresses } from './addresses.ts'
import { builtin } from './builtin.ts'
import { createGate, type Gate } from './gate.ts'
import { proxyFor } from './proxy.ts'
import { openTunnel, type Proxy } from './tunnel.ts'

export interface AgentOptions {
  /** Origins whose certificate is not checked. */
  readonly insecureOrigins: ReadonlySet<string>
  /** What to trust, or null for Node's defaults. */
  readonly secureContext: SecureContext | null
  readonly concurrency: Concurrency
  /** Resolves a name to its addresses. */
  readonly resolve?: Parameters<typeof createAddresses>[0]
  /** Names the proxies. */
  readonly env: Environment
  /** Milliseconds that a proxy may take to open a tunnel. */
  readonly tunnelTimeout: number
}

/** How requests get to one origin. */
export interface Route {
  readonly agent: http.Agent
  /** Each exchange goes through it, so that there are never more connections than the host likes. */
  readonly gate: Gate
  readonly proxy: Proxy | null
}

export interface Agents {
  /** The way to the origin of a URL; an `input` error when its proxy is of an unknown kind. */
  readonly of: (url: URL) => Route
  /** Whether a server may send us to a host, by the addresses of both. */
  readonly mayLead: (from: string, to: string) => Promise<boolean>
  /** `host:port` of the proxy on the way to a URL that was asked for, or null. */
  readonly proxyOf: (url: URL) => string | null
  /** Whether this error hit a kept-alive connection before anything was answered. */
  readonly brokeWhenReused: (error: unknown) => boolean
  /** Closes the idle connections of an origin: when one turned out to be dead, its siblings are too. */
  readonly dropIdle: (url: URL) => void
  /** Connections opened so far. */
  readonly opened: () => number
  /** Closes every connection, idle or not, so that the process can end at once. */
  readonly dispose: () => void
}

/**
 * One keep-alive agent per origin. They are ours because those of `@actions/http-client` mix up protocols in
 * one client, keep no connection through a proxy, leak a slot for each queued proxied request, and survive
 * `dispose()` behind a proxy.
 */
export function createAgents(options: AgentOptions): Agents {
  const byOrigin = new Map<string, Route>()
  const addresses = createAddresses(options.resolve)
  const pendingTunnels = new Set<http.ClientRequest>()
  const reusedErrors = new WeakSet<Error>()
  let opened = 0

  function open(url: URL): Route {
    const proxy = proxyOn(url, options)
    const agent = createAgent(url, options, addresses)
    const direct: http.Agent['createConnection'] = agent.createConnection.bind(agent)
    agent.createConnection = (target, callback) => {
      opened += 1
      if (proxy === null) return direct(target, callback)
      openTunnel(proxy, url, pendingTunnels, (error, socket) => {
        // TLS runs inside the tunnel, checked against the target just as without a proxy
        const secured =
          error === null && url.protocol === 'https:' ? direct(Object.assign({}, target, { socket })) : null
        callback?.(error, secured ?? socket)
      })
      return undefined
    }
    const reuse = agent.reuseSocket.bind(agent)
    agent.reuseSocket = (socket, request) => {
      reuse(socket, request)
      request.once('error', (error) => reusedErrors.add(error))
    }
    return { agent, proxy, gate: createGate(options.concurrency) }
  }

  return {
    of: (url) => {
      const known = byOrigin.get(url.origin) ?? open(url)
      byOrigin.set(url.origin, known)
      return known
    },
    mayLead: addresses.mayLead,
    proxyOf: (url) => byOrigin.get(url.origin)?.proxy?.url.host ?? null,
    brokeWhenReused: (error) => error instanceof Error && reusedErrors.has(error),
    dropIdle: (url) => {
      const idle = Object.values(byOrigin.get(url.origin)?.agent.freeSockets ?? {})
      for (const socket of idle.flatMap((sockets) => sockets ?? [])) socket.destroy()
    },
    opened: () => opened,
    dispose: () => {
      for (const { agent } of byOrigin.values()) agent.destroy()
      for (const request of pendingTunnels) request.destroy()
    },
  }
}

function createAgent(
  url: URL,
  { insecureOrigins, secureContext, concurrency }: AgentOptions,
  { lookup }: Addresses,
): http.Agent {
  const maxSockets = mostInFlight(concurrency)
  const pool = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets, lookup }
  if (url.protocol === 'http:') return new (builtin.http().Agent)(pool)
  return new (builtin.https().Agent)({
    ...pool,
    ...(secureContext === null ? {} : { secureContext }),
    rejectUnauthorized: !insecureOrigins.has(url.origin),
  })
}

function proxyOn(url: URL, { secureContext, tunnelTimeout, env }: AgentOptions): Proxy | null {
  try {
    const proxy = proxyFor(url, env)
    if (proxy === null) return null
    if (proxy.protocol === 'http:' || proxy.protocol === 'https:') {
      return { url: proxy, secureContext, timeout: tunnelTimeout }
    }
  } catch {
    // no URL at all: the same mistake, and no more to be quoted, for it may hold a password
  }
  throw new WardenError('input', `the proxy for ${url.host} is neither an http:// nor an https:// address`, {
    advice: 'Correct HTTPS_PROXY or HTTP_PROXY, or list the host in NO_PROXY',
  })
}
