import { describe, expect, test } from 'vitest'

import type { AuthorizedRequest } from '../../src/credentials/authenticator.ts'
import { isPlaceholder } from '../../src/domain/prune/placeholder.ts'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import { parseManifest } from '../../src/wire/manifest.ts'
import { sha256 } from '../wire/documents.ts'
import { errors, playRegistry, tag } from './fake-registry.ts'
import type { Answer } from './fake-registry.ts'

const EMPTY = sha256('{}')
const UPLOAD = '/v2/team/app/blobs/uploads/1?state=abc'

/** A registry that takes uploads, without the empty blob at first. */
function play(change: (request: AuthorizedRequest) => Answer | null = () => null) {
  return playRegistry((request) => {
    const changed = change(request)
    if (changed !== null) return changed
    if (request.method === 'HEAD') return { status: 404 }
    if (request.method === 'POST') return { status: 202, headers: { location: UPLOAD } }
    return { status: request.method === 'PUT' ? 201 : 500 }
  })
}

const bodiesOf = (requests: readonly AuthorizedRequest[]): string[] =>
  requests.flatMap(({ url, body }) => (url.pathname.endsWith('/manifests/v1') ? [body ?? ''] : []))

describe('a placeholder', () => {
  test('uploads the empty blob once, then moves the tag', async () => {
    const { repository, lines } = play()
    await repository.pushPlaceholder(tag('v1'), null)
    await repository.pushPlaceholder(tag('v1'), null)
    expect(lines()).toEqual([
      `HEAD blobs/${EMPTY}`,
      'POST blobs/uploads/',
      `PUT blobs/uploads/1?state=abc&digest=${encodeURIComponent(EMPTY)}`,
      'PUT manifests/v1',
      'PUT manifests/v1',
    ])
  })

  test('uploads it again after a delete, which may have freed it', async () => {
    const { repository, lines } = play(({ method }) => (method === 'DELETE' ? { status: 202 } : null))
    const first = await repository.pushPlaceholder(tag('v1'), null)
    await repository.deleteManifest(first)
    await repository.pushPlaceholder(tag('v1'), null)
    expect(lines().filter((line) => line === 'POST blobs/uploads/')).toHaveLength(2)
  })

  test('uploads nothing that is there', async () => {
    const { repository, lines } = play(({ method }) => (method === 'HEAD' ? { status: 200 } : null))
    await repository.pushPlaceholder(tag('v1'), null)
    expect(lines()).toEqual([`HEAD blobs/${EMPTY}`, 'PUT manifests/v1'])
  })

  test('is unique, as old as asked for, and known by the digest of what was sent', async () => {
    const { repository, requests } = play()
    const created = asTimestamp(Date.UTC(2026, 0, 2, 3, 4, 5))
    const digests = [
      await repository.pushPlaceholder(tag('v1'), created),
      await repository.pushPlaceholder(tag('v1'), created),
    ]
    const sent = bodiesOf(requests)
    expect(sent.map(sha256)).toEqual(digests)
    expect(new Set(digests).size).toBe(2)
    const { manifest } = parseManifest(Buffer.from(sent[0] ?? ''), null, null)
    expect(isPlaceholder(manifest)).toBe(true)
    expect(manifest).toMatchObject({
      kind: 'artifact',
      config: { digest: EMPTY },
      layers: [{ digest: EMPTY }],
    })
    expect(sent[0]).toContain('"org.opencontainers.image.created":"2026-01-02T03:04:05Z"')
  })

  test('needs the right to push', async () => {
    const { repository, requests } = play()
    await repository.pushPlaceholder(tag('v1'), null)
    // default actions of PUT and POST; reads ask for no more than before
    expect(requests.map(({ method, actions }) => [method, actions])).toEqual([
      ['HEAD', undefined],
      ['POST', undefined],
      ['PUT', undefined],
      ['PUT', undefined],
    ])
  })

  test.each<[string, (request: AuthorizedRequest) => Answer | null, string]>([
    ['no right', ({ method }) => (method === 'POST' ? errors(403, 'DENIED') : null), 'denied'],
    [
      'refused manifest',
      ({ url }) => (url.pathname.endsWith('/v1') ? errors(400, 'MANIFEST_INVALID') : null),
      'protocol',
    ],
    [
      'an upload elsewhere',
      ({ method }) =>
        method === 'POST'
          ? { status: 202, headers: { location: 'https://evil.example/v2/x/blobs/uploads/1' } }
          : null,
      'protocol',
    ],
    ['no address', ({ method }) => (method === 'POST' ? { status: 202 } : null), 'protocol'],
  ])('%s is an error, and the next one starts over', async (_, change, kind) => {
    const { repository, lines } = play(change)
    await expect(repository.pushPlaceholder(tag('v1'), null)).rejects.toMatchObject({ kind })
    await expect(repository.pushPlaceholder(tag('v1'), null)).rejects.toMatchObject({ kind })
    expect(lines().every((line) => !line.includes('evil'))).toBe(true)
  })
})

test('referrers without a fallback: null where there is no API, asked once', async () => {
  const { repository, lines } = playRegistry(() => ({ status: 404, body: '404 page not found' }))
  expect(await repository.listReferrers(EMPTY)).toBeNull()
  expect(await repository.listReferrers(sha256('other'))).toBeNull()
  expect(lines()).toEqual([`GET referrers/${EMPTY}`])
})
