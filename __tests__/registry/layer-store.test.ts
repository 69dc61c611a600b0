import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { asBytes } from '../../src/domain/quantities/bytes.ts'
import { createLayerStore } from '../../src/registry/layer-store.ts'
import type { Ask } from '../../src/registry/endpoint.ts'
import { WardenError } from '../../src/domain/errors.ts'
import { parseReference } from '../../src/domain/names/reference.ts'
import { DOCKER_HUB } from '../../src/domain/names/registry.ts'
import { noise, sha256 } from '../support/blobs.ts'

const CONTENT = noise('a layer', 10_000)
const BLOB = { digest: sha256(CONTENT), size: asBytes(CONTENT.length), mediaType: '', annotations: new Map() }
const { repository } = parseReference('registry.example/acme/api', DOCKER_HUB)

/** What a server does with one request. */
interface Behaviour {
  /** breaks after so many bytes */
  readonly breaksAfter?: number
  readonly kind?: WardenError['kind']
  readonly ranges?: 'ignored' | 'wrong'
}

function store(...behaviours: readonly Behaviour[]) {
  const asked: (string | undefined)[] = []
  const ask: Ask = async ({ headers, purpose }) => {
    const { breaksAfter, ranges, kind = 'network' } = behaviours[asked.length] ?? {}
    asked.push(headers?.['range'])
    const [, from = '', to = ''] = /^bytes=(\d+)-(\d+)$/.exec(headers?.['range'] ?? '') ?? []
    const isPart = from !== '' && ranges !== 'ignored'
    const start = isPart ? Number(from) + (ranges === 'wrong' ? 1 : 0) : 0
    const body = CONTENT.subarray(start, isPart ? Number(to) + 1 : undefined)
    async function* chunks(): AsyncGenerator<Buffer, void> {
      yield body.subarray(0, breaksAfter)
      if (breaksAfter !== undefined) throw new WardenError(kind, 'broke')
    }
    const range = isPart ? [['content-range', [`bytes ${start}-${to}/${CONTENT.length}`]] as const] : []
    return {
      request: { method: 'GET', url: new URL('https://registry.example/'), purpose },
      response: {
        status: isPart ? 206 : 200,
        headers: new Map(range),
        body: Buffer.alloc(0),
        url: new URL('https://registry.example/'),
        stream: { chunks: chunks(), cancel: () => undefined },
      },
      registry: repository.registry,
      subject: 'blob',
    }
  }
  return { asked, layers: createLayerStore(ask, repository) }
}

describe('the bytes of a layer', () => {
  it('are asked for whole, and once', async () => {
    const { asked, layers } = store()
    expect(await buffer(layers.open(BLOB, null))).toEqual(CONTENT)
    expect(asked).toEqual([undefined])
  })

  it('go on where they stopped, for as long as that is worth it', async () => {
    const { asked, layers } = store({ breaksAfter: 4_000 }, { breaksAfter: 1_000, kind: 'deadline' })
    expect(await buffer(layers.open(BLOB, null))).toEqual(CONTENT)
    expect(asked).toEqual([undefined, 'bytes=4000-9999', 'bytes=5000-9999'])
    const always = store(...Array.from({ length: 20 }, () => ({ breaksAfter: 0 })))
    await expect(buffer(always.layers.open(BLOB, null))).rejects.toMatchObject({ kind: 'network' })
    expect(always.asked).toHaveLength(6)
    const other = store({ breaksAfter: 10, kind: 'tls' })
    await expect(buffer(other.layers.open(BLOB, null))).rejects.toMatchObject({ kind: 'tls' })
  })

  it('are a part where a part was asked for, or an error', async () => {
    const range = { start: 100, end: 300 }
    const { asked, layers } = store()
    expect(await buffer(layers.open(BLOB, range))).toEqual(CONTENT.subarray(100, 300))
    expect(asked).toEqual(['bytes=100-299'])
    for (const ranges of ['ignored', 'wrong'] as const) {
      await expect(buffer(store({ ranges }).layers.open(BLOB, range))).rejects.toMatchObject({
        kind: 'unsupported',
      })
    }
    const resumed = store({ breaksAfter: 5 }, { ranges: 'ignored' })
    await expect(buffer(resumed.layers.open(BLOB, null))).rejects.toMatchObject({ kind: 'unsupported' })
  })
})
