import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { depth, hostScope } from './origin.ts'

/** The addresses of a name, asked for once per run: whoever is judged by them is also connected to them. */
export interface Addresses {
  /**
   * Whether a server may send us to a host, by the addresses of both: never deeper into the network than
   * where that server is itself. Rejects with the name server's error where the host cannot be resolved: a
   * name that fails at first may have a private address a moment later, when it is connected to.
   */
  readonly mayLead: (from: string, to: string) => Promise<boolean>
  /** For agents: the same addresses. */
  readonly lookup: LookupFunction
}

type ResolveName = (name: string) => Promise<readonly LookupAddress[]>

const resolveAll: ResolveName = (name) => lookup(name, { all: true, verbatim: true })

/** Plain HTTP by default, so they must not be for a name server to place: RFC 6761, section 6.3. */
const BELOW_LOCALHOST = /\.localhost\.?$/i
const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

/** Remembers for the run, so that a name cannot lead elsewhere once it was judged. */
export function createAddresses(resolve: ResolveName = resolveAll): Addresses {
  const known = new Map<string, Promise<readonly LookupAddress[]>>()

  function addressesOf(name: string): Promise<readonly LookupAddress[]> {
    const found = known.get(name)
    if (found !== undefined) return found
    const asked = BELOW_LOCALHOST.test(name) ? Promise.resolve(LOOPBACK) : resolve(name)
    known.set(name, asked)
    // a name server that fails may answer a moment later; nobody was judged by this
    asked.catch(() => known.delete(name))
    return asked
  }

  async function depthsOf(hostname: string): Promise<readonly number[]> {
    const name = hostname.replace(/^\[|\]$/g, '')
    if (isIP(name) !== 0) return [depth(hostScope(name))]
    const addresses = await addressesOf(name)
    if (addresses.length === 0) throw notFound(name)
    return addresses.map(({ address }) => depth(hostScope(address)))
  }

  return {
    mayLead: async (from, to) => {
      const target = await depthsOf(to)
      if (from === to || target.every((each) => each === 0)) return true
      // one that cannot be resolved counts as public
      const source = await depthsOf(from).catch(() => [0])
      // of a server with several addresses the most public one counts, of where it leads the deepest
      return Math.max(...target) <= Math.min(...source)
    },
    lookup: (hostname, options, callback) => {
      const tell = async () => {
        const outcome = await found(hostname, options)
        process.nextTick(() => answer(outcome, options, callback))
      }
      void tell()
    },
  }

  async function found(hostname: string, { family }: LookupOptions): Promise<Found> {
    try {
      const addresses = await addressesOf(hostname)
      const fitting = addresses.filter((each) => (family !== 4 && family !== 6) || each.family === family)
      return fitting.length === 0 ? notFound(hostname) : fitting
    } catch (error) {
      return error instanceof Error ? error : notFound(hostname)
    }
  }
}

type LookupOptions = Parameters<LookupFunction>[1]
type Found = readonly LookupAddress[] | NodeJS.ErrnoException

function answer(
  outcome: Found,
  { all = false }: LookupOptions,
  callback: Parameters<LookupFunction>[2],
): void {
  if (outcome instanceof Error) callback(outcome, '')
  else if (all) callback(null, [...outcome])
  else callback(null, outcome[0]?.address ?? '', outcome[0]?.family)
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address of ${hostname} fits`), { code: 'ENOTFOUND' })
}
