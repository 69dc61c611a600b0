import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { depth, hostScope } from './origin.ts'

/** The addresses of a name, asked for once per run: whoever is judged by them is also connected to them. */
export interface Addresses {
  /**
   * Whether a server may send us to a host, by the addresses of both: never deeper into the network than where
   * that server is itself. What cannot be resolved may: the connection fails with the reason.
   */
  readonly mayLead: (from: string, to: string) => Promise<boolean>
  /** For agents: the same addresses. */
  readonly lookup: LookupFunction
}

type ResolveName = (name: string) => Promise<readonly LookupAddress[]>

const resolveAll: ResolveName = (name) => lookup(name, { all: true, verbatim: true })

export function createAddresses(resolve: ResolveName = resolveAll): Addresses {
  const known = new Map<string, Promise<readonly LookupAddress[]>>()

  function addressesOf(name: string): Promise<readonly LookupAddress[]> {
    const found = known.get(name)
    if (found !== undefined) return found
    const asked = resolve(name)
    known.set(name, asked)
    // a name server that fails may answer a moment later; nobody was judged by this
    asked.catch(() => known.delete(name))
    return asked
  }

  async function depthsOf(hostname: string): Promise<readonly number[]> {
    const name = hostname.replace(/^\[|\]$/g, '')
    if (isIP(name) !== 0) return [depth(hostScope(name))]
    const addresses = await addressesOf(name).catch(() => [])
    return addresses.map(({ address }) => depth(hostScope(address)))
  }

  return {
    mayLead: async (from, to) => {
      const target = await depthsOf(to)
      if (from === to || target.every((each) => each === 0)) return true
      const source = await depthsOf(from)
      // of a server with several addresses the most public one counts, of where it leads the deepest
      return Math.max(...target) <= Math.min(...source, ...(source.length === 0 ? [0] : []))
    },
    lookup: (hostname, options, callback) => {
      addressesOf(hostname).then(
        (addresses) => {
          const family = options.family === 4 || options.family === 6 ? options.family : null
          const fitting = addresses.filter((each) => family === null || each.family === family)
          const [first] = fitting
          if (first === undefined) callback(notFound(hostname), '')
          else if (options.all === true) callback(null, [...fitting])
          else callback(null, first.address, first.family)
        },
        (error: NodeJS.ErrnoException) => callback(error, ''),
      )
    },
  }
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address of ${hostname} fits`), { code: 'ENOTFOUND' })
}
