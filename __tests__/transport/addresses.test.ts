import { describe, expect, test } from 'vitest'
import { createAddresses } from '../../src/transport/addresses.ts'
import { get } from './servers.ts'
import { serve, transport } from './stage.ts'

const names: Readonly<Record<string, readonly string[]>> = {
  'public.test': ['93.184.216.34'],
  'both.test': ['93.184.216.34', '10.0.0.7'],
  'internal.test': ['10.0.0.5'],
  'storage.test': ['10.0.0.6'],
  'rebound.test': ['127.0.0.1'],
  'mapped.test': ['::ffff:10.0.0.9'],
  'metadata.test': ['169.254.169.254'],
  'translated.test': ['64:ff9b::a00:9'],
  'zone.test': ['fe80::1%eth0'],
  'zero.test': ['0.0.0.0'],
  'ula.test': ['fd00::1'],
  'internal.test.': ['10.0.0.5'],
  'public.localhost': ['93.184.216.34'],
  'empty.test': [],
}

const resolve = (name: string) => {
  const found = names[name]
  if (found === undefined) return Promise.reject(new Error('ENOTFOUND'))
  return Promise.resolve(found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
}

describe('a server may lead', () => {
  test.each([
    ['public.test', 'both.test', false],
    ['public.test', 'internal.test', false],
    ['public.test', 'rebound.test', false],
    ['public.test', 'mapped.test', false],
    ['public.test', '10.0.0.5', false],
    ['both.test', 'internal.test', false],
    ['internal.test', 'storage.test', true],
    ['internal.test', 'public.test', true],
    ['internal.test', 'rebound.test', false],
    ['127.0.0.1', 'internal.test', true],
    ['internal.test', 'metadata.test', false],
    ['127.0.0.1', 'metadata.test', false],
    ['metadata.test', 'metadata.test', true],
    ['unknown.test', 'internal.test', false],
    ['', 'internal.test', false],
    ['public.test', 'translated.test', false],
    ['public.test', 'zone.test', false],
    ['public.test', 'zero.test', false],
    ['public.test', 'ula.test', false],
    ['public.test', 'internal.test.', false],
    ['public.test', 'public.localhost', false],
    ['127.0.0.1', 'public.localhost', true],
    ['public.localhost', '127.0.0.1', true],
  ])('from %s to %s: %s', async (from, to, expected) => {
    expect(await createAddresses(resolve).mayLead(from, to)).toBe(expected)
  })
})

test.each([
  ['unknown.test', 'ENOTFOUND'],
  ['empty.test', 'no address of empty.test'],
])('nowhere, where the name cannot be resolved: %s', async (name, message) => {
  await expect(createAddresses(resolve).mayLead('public.test', name)).rejects.toThrow(message)
})

test('names below localhost are of this machine, whatever a name server says', async () => {
  const { lookup } = createAddresses(resolve)
  const connected = await new Promise((done) => {
    lookup('public.localhost', { all: true }, (_, found) => done(found))
  })
  expect(connected).toEqual([
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ])
})

test('a name that was judged is connected to the addresses that it was judged by', async () => {
  let asked = 0
  const flipping = () => {
    asked += 1
    const address = asked === 1 ? '93.184.216.34' : '127.0.0.1'
    return Promise.resolve([{ address, family: 4 }])
  }
  const addresses = createAddresses(flipping)
  expect(await addresses.mayLead('public.test', 'rebinding.test')).toBe(true)
  const connected = await new Promise((done) => {
    addresses.lookup('rebinding.test', { all: true }, (_, found) => done(found))
  })
  expect(connected).toEqual([{ address: '93.184.216.34', family: 4 }])
})

describe('a name server that fails at first and then gives a private address', () => {
  /** A server that may be reached, its address told only after `failures`. */
  async function inside(failures: readonly string[]) {
    let reached = 0
    const origin = await serve((_, response) => {
      reached += 1
      response.end('secret')
    })
    const left = [...failures]
    const opened = transport({
      resolve: (name) => {
        const code = name === 'late.test' ? left.shift() : undefined
        if (code !== undefined) return Promise.reject(Object.assign(new Error(code), { code }))
        return name === 'late.test' ? resolve('rebound.test') : resolve(name)
      },
    })
    return { late: `http://late.test:${new URL(origin).port}/`, reached: () => reached, ...opened }
  }

  test.each([
    ['ENOTFOUND', 'host not found: late.test'],
    ['EAI_AGAIN', 'which is on a private network'],
  ])('%s: nothing is sent to who was named by a server', async (code, message) => {
    const { late, send, reached } = await inside([code])
    await expect(send(get(late, { namedBy: 'public.test' }))).rejects.toThrow(message)
    await expect(send(get(late, { namedBy: 'public.test' }))).rejects.toThrow('which is on a private network')
    expect(reached()).toBe(0)
  })

  test('a connection that stands already is not shared with who may not open it', async () => {
    const { late, send, reached } = await inside([])
    await send(get(late))
    await expect(send(get(late, { namedBy: 'public.test' }))).rejects.toThrow('private network')
    expect(reached()).toBe(1)
  })

  test.each([
    ['metadata.test', 'private network'],
    ['unknown.test', 'failed'],
  ])('a later redirect of a chain is judged as the first: %s', async (name, message) => {
    const asked: string[] = []
    const first = await serve((request, response) => {
      asked.push(request.url ?? '')
      const location = request.url === '/' ? 'http://rebound.test:PORT/again' : `http://${name}/`
      response.writeHead(307, { location: location.replace('PORT', new URL(first).port) }).end()
    })
    await expect(transport({ resolve }).send(get(first))).rejects.toThrow(message)
    expect(asked).toEqual(['/', '/again'])
  })
})

describe('a redirect', () => {
  test('by name to a private address is refused before anything is sent there', async () => {
    let reached = 0
    const inside = await serve((_, response) => {
      reached += 1
      response.end('secret')
    })
    const { port } = new URL(inside)
    const outside = await serve((_, response) => {
      response.writeHead(307, { location: `http://rebound.test:${port}/` }).end()
    })
    // the server itself is reached under a name with a public address, for the judge
    const { send } = transport({
      resolve: (name) =>
        name === 'outside.test' ? Promise.resolve([{ address: '127.0.0.1', family: 4 }]) : resolve(name),
    })
    const fromOutside = { ...get(outside), namedBy: 'public.test' }
    await expect(send(fromOutside)).rejects.toMatchObject({ kind: 'protocol' })
    const direct = await send(get(outside)).then(
      ({ body }) => body.toString(),
      (error: unknown) => error,
    )
    expect([direct, reached]).toEqual(['secret', 1])
  })

  test('to a private name from a server on the same network is followed', async () => {
    const storage = await serve((_, response) => void response.end('layer'))
    const { port } = new URL(storage)
    const registry = await serve((_, response) => {
      response.writeHead(307, { location: `http://rebound.test:${port}/` }).end()
    })
    const response = await transport({ resolve }).send(get(registry))
    expect(response.body.toString()).toBe('layer')
  })
})
