import { WardenError } from '../domain/errors.ts'
import type { Descriptor, ImageConfig } from '../domain/manifest/manifest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatRepository } from '../domain/names/reference.ts'
import type { Repository } from '../domain/names/reference.ts'
import { asBytes } from '../domain/quantities/bytes.ts'
import type { Bytes } from '../domain/quantities/bytes.ts'
import { headerValue } from '../transport/headers.ts'
import type { HttpResponse } from '../transport/types.ts'
import { MAX_CONFIG_BYTES, parseImageConfig } from '../wire/config.ts'
import type { RegistryCache } from './cache.ts'
import { askFor } from './endpoint.ts'
import type { Ask, Question } from './endpoint.ts'
import { readAnswer, registryFailure } from './failures.ts'
import type { Exchange } from './failures.ts'
import type { Memory } from './memory.ts'

/** The blobs of one repository: configs are read, of all others only the size. */
export interface Blobs {
  readonly config: (descriptor: Descriptor) => Promise<ImageConfig>
  readonly size: (digest: Digest) => Promise<Bytes>
  /** Reads one byte: a HEAD may be answered from a cache when the blob is gone. */
  readonly has: (digest: Digest) => Promise<boolean>
}

const FIRST_BYTE = { range: 'bytes=0-0' }

export interface BlobParts {
  readonly ask: Ask
  readonly repository: Repository
  readonly configs: Memory<ImageConfig>
  readonly sizes: Memory<Bytes>
  readonly cache: RegistryCache | null
}

/** Configs and sizes are remembered by digest, over all repositories of the run in the memories given. */
export function createBlobs({ ask, repository, configs, sizes, cache }: BlobParts): Blobs {
  const where = `${repository.registry.origin}/${repository.path}`

  function question(digest: Digest, what: string, maxBytes: number): Question {
    const purpose = `${what} of ${formatRepository(repository)}@${digest}`
    return { resource: `blobs/${digest}`, subject: 'blob', maxBytes, purpose }
  }

  async function readConfig(descriptor: Descriptor): Promise<ImageConfig> {
    const asked = question(descriptor.digest, 'config', MAX_CONFIG_BYTES)
    if (descriptor.size > MAX_CONFIG_BYTES) {
      throw new WardenError(
        'protocol',
        `${asked.purpose}: ${descriptor.size} bytes are too many for a config`,
      )
    }
    const cached = await cache?.config(descriptor)
    if (cached) return cached
    const exchange = await askFor(ask, asked)
    const config = readAnswer(exchange, ({ body }) => parseImageConfig(body, descriptor))
    await cache?.putConfig(descriptor, exchange.response.body)
    return config
  }

  /**
   * Never from the cache folder: nothing proves a number there. HEAD where it says a length; else the first
   * byte, whose range names the total (URLs signed for GET refuse HEAD).
   */
  async function readSize(digest: Digest): Promise<Bytes> {
    const asked = { ...question(digest, 'blob', Number.MAX_SAFE_INTEGER), responseBody: 'discard' } as const
    const { response } = await ask({ ...asked, method: 'HEAD' })
    const size = response.status === 200 ? contentLength(response) : null
    // some object stores send a length of 0 with every HEAD
    if (size !== null && size > 0) return size
    return sizeOfRange(await ask({ ...asked, headers: FIRST_BYTE }))
  }

  async function has(digest: Digest): Promise<boolean> {
    const asked = question(digest, 'blob', Number.MAX_SAFE_INTEGER)
    const exchange = await ask({ ...asked, responseBody: 'discard', headers: FIRST_BYTE })
    const { status } = exchange.response
    // 416: an empty blob has no first byte
    if (status === 200 || status === 206 || status === 416) return true
    if (status === 404 || status === 410) return false
    throw registryFailure(exchange)
  }

  return {
    has,
    // two descriptors of one digest may claim two sizes, and only one is right
    config: (descriptor) =>
      configs.get(`${where}@${descriptor.digest}:${descriptor.size}`, () => readConfig(descriptor)),
    size: (digest) => sizes.get(`${where}@${digest}`, () => readSize(digest)),
  }
}

function sizeOfRange(exchange: Exchange): Bytes {
  const { request, response } = exchange
  if (![200, 206, 416].includes(response.status)) throw registryFailure(exchange)
  const size = response.status === 200 ? contentLength(response) : rangeTotal(response)
  if (size === null)
    throw new WardenError('protocol', `${request.purpose}: the registry does not report the blob's size`)
  return size
}

const COUNT = /^\d{1,15}$/

/** Only without a content encoding: else it is the length of something else. */
function contentLength(response: HttpResponse): Bytes | null {
  const encoding = headerValue(response, 'content-encoding')?.trim().toLowerCase() ?? ''
  const length = headerValue(response, 'content-length')?.trim() ?? ''
  if ((encoding !== '' && encoding !== 'identity') || !COUNT.test(length)) return null
  return asBytes(Number(length))
}

/** The total in `bytes 0-0/1234`, or in the `bytes *` form that an empty blob is answered with. */
function rangeTotal(response: HttpResponse): Bytes | null {
  const total = (headerValue(response, 'content-range') ?? '').split('/')[1]?.trim() ?? ''
  return COUNT.test(total) ? asBytes(Number(total)) : null
}
