import { describe, expect, test } from 'vitest'

import type { AuthorizedRequest } from '../../src/credentials/authenticator.ts'
import type { Descriptor } from '../../src/domain/manifest/manifest.ts'
import { asBytes } from '../../src/domain/quantities/bytes.ts'
import { json, OCI_CONFIG, sha256 } from '../wire/documents.ts'
import { errors, LOGIN_PAGE, playRegistry } from './fake-registry.ts'
import type { Answer } from './fake-registry.ts'

const BLOB = sha256('blob')
const CONFIG = json({ os: 'linux', architecture: 'arm64', history: [] })

function describeBytes(bytes: Buffer, size = bytes.length): Descriptor {
  return {
    mediaType: OCI_CONFIG,
    digest: sha256(bytes),
    size: asBytes(size),
    platform: null,
    artifactType: null,
    annotations: new Map(),
  }
}

describe('a config', () => {
  test('is read once, however many images share it', async () => {
    const { repository, lines } = playRegistry(() => ({ body: CONFIG }))
    const descriptor = describeBytes(CONFIG)
    const [first, second] = await Promise.all([repository.config(descriptor), repository.config(descriptor)])
    expect(first).toMatchObject({ platform: { os: 'linux', architecture: 'arm64' } })
    expect(second).toBe(first)
    expect(lines()).toEqual([`GET blobs/${sha256(CONFIG)}`])
  })

  test.each([
    [
      'other content',
      describeBytes(CONFIG),
      { body: json({ os: 'linux', architecture: 'arm65', history: [] }) },
      'integrity',
    ],
    ['cut', describeBytes(CONFIG), { body: CONFIG.subarray(1) }, 'integrity'],
    ['a login page', describeBytes(CONFIG), LOGIN_PAGE, 'protocol'],
    ['missing', describeBytes(CONFIG), errors(404, 'BLOB_UNKNOWN'), 'not-found'],
  ])('%s is refused', async (_, descriptor, answer, kind) => {
    const { repository } = playRegistry(() => answer)
    await expect(repository.config(descriptor)).rejects.toMatchObject({
      kind,
      message: expect.stringContaining('config of registry.example/team/app@sha256:'),
    })
  })

  test('that claims to be huge is not asked for', async () => {
    const { repository, lines } = playRegistry(() => ({ body: CONFIG }))
    await expect(repository.config(describeBytes(CONFIG, 5e6))).rejects.toMatchObject({ kind: 'protocol' })
    expect(lines()).toEqual([])
  })
})

describe('the size of a blob', () => {
  const head = (answer: Answer, range: Answer) => (request: AuthorizedRequest) =>
    request.method === 'HEAD' ? answer : range
  const ranged = { status: 206, headers: { 'content-range': 'bytes 0-0/1234', 'content-length': '1' } }
  const long = { headers: { 'content-length': '1234' } }
  const gzipped = { headers: { 'content-length': '99', 'content-encoding': 'gzip' } }

  test('is what HEAD says, and asked once', async () => {
    const { repository, lines, requests } = playRegistry(() => long)
    expect(await Promise.all([repository.blobSize(BLOB), repository.blobSize(BLOB)])).toEqual([1234, 1234])
    expect(lines()).toEqual([`HEAD blobs/${BLOB}`])
    expect(requests[0]).toMatchObject({ responseBody: 'discard' })
  })

  test.each([
    ['HEAD is forbidden (signed for GET)', { status: 403 }, ranged],
    ['HEAD is not offered', { status: 405 }, ranged],
    ['HEAD says no length', {}, ranged],
    ['HEAD says 0', { headers: { 'content-length': '0' } }, ranged],
    ['HEAD says the length of something compressed', gzipped, ranged],
    ['ranges are ignored', { status: 405 }, long],
  ])('comes from the first byte when %s', async (_, headAnswer, getAnswer) => {
    const { repository, requests } = playRegistry(head(headAnswer, getAnswer))
    expect(await repository.blobSize(BLOB)).toBe(1234)
    expect(requests[1]).toMatchObject({
      method: 'GET',
      headers: { range: 'bytes=0-0' },
      responseBody: 'discard',
    })
  })

  test('of an empty blob is 0', async () => {
    const empty = { status: 416, headers: { 'content-range': 'bytes */0' } }
    const { repository } = playRegistry(head({ headers: { 'content-length': '0' } }, empty))
    expect(await repository.blobSize(BLOB)).toBe(0)
  })

  test.each([
    ['unknown total', { status: 206, headers: { 'content-range': 'bytes 0-0/*' } }, 'protocol'],
    ['no range', { status: 206 }, 'protocol'],
    ['compressed whole', gzipped, 'protocol'],
    ['length of nonsense', { headers: { 'content-length': '12, 34' } }, 'protocol'],
    ['missing', { status: 404 }, 'not-found'],
    ['forbidden', { status: 403 }, 'denied'],
  ])('is an error: %s', async (_, answer, kind) => {
    const { repository } = playRegistry(head({ status: 405 }, answer))
    await expect(repository.blobSize(BLOB)).rejects.toMatchObject({ kind })
  })
})
