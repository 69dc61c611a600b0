import { describe, expect, test } from 'vitest'

import type { AuthorizedRequest } from '../../src/credentials/authenticator.ts'
import { WardenError } from '../../src/domain/errors.ts'
import { referrersTag } from '../../src/domain/manifest/referrers-tag.ts'
import { parseDigest } from '../../src/domain/names/digest.ts'
import { DOCKER_HUB } from '../../src/domain/names/reference.ts'
import type { Repository } from '../../src/domain/names/reference.ts'
import { detectProvider } from '../../src/domain/vendors/vendors.ts'
import { blob, imageManifest, indexManifest, json, OCI_IMAGE, OCI_INDEX, sha256 } from '../wire/documents.ts'
import { errors, LOGIN_PAGE, playRegistry, tag } from './fake-registry.ts'
import type { Answer } from './fake-registry.ts'

const SUBJECT = sha256('subject')
const FALLBACK = referrersTag(SUBJECT)

function index(seeds: readonly string[], headers: Record<string, string> = {}): Answer {
  const manifests = seeds.map((seed) => ({ ...blob(seed, 1, OCI_IMAGE), artifactType: 'application/x' }))
  return { headers: { 'content-type': OCI_INDEX, ...headers }, body: json(indexManifest({ manifests })) }
}

test('the fallback tag of a digest', () => {
  expect(referrersTag(parseDigest(`sha256:${'a'.repeat(64)}`))).toBe(`sha256-${'a'.repeat(64)}`)
  expect(referrersTag(parseDigest(`sha512:${'b'.repeat(128)}`))).toBe(`sha512-${'b'.repeat(64)}`)
  expect(referrersTag(parseDigest('a+b.c:Zm9v='))).toBe('a-b.c-Zm9v-')
})

describe('referrers', () => {
  test('come from the API, page by page', async () => {
    const { repository, lines } = playRegistry(({ url }) =>
      url.searchParams.has('last')
        ? index(['two', 'one'])
        : index(['one'], { link: `</v2/team/app/referrers/${SUBJECT}?last=1>; rel="next"` }),
    )
    const { descriptors, source } = await repository.referrers(SUBJECT)
    expect(source).toBe('api')
    expect(descriptors.map(({ digest }) => digest)).toEqual([sha256('one'), sha256('two')])
    expect(lines()).toEqual([`GET referrers/${SUBJECT}`, `GET referrers/${SUBJECT}?last=1`])
  })

  test('without end are an error, and not followed for long', async () => {
    const { repository, lines } = playRegistry(({ url }) => {
      const page = Number(url.searchParams.get('page') ?? 0)
      const link = `</v2/team/app/referrers/${SUBJECT}?page=${page + 1}>; rel="next"`
      return index([`referrer ${page}`], { link })
    })
    await expect(repository.listReferrers(SUBJECT)).rejects.toThrow(/the list does not end/)
    expect(lines().length).toBeLessThan(250)
  })

  test.each<[string, Answer]>([
    ['404', { status: 404, body: '404 page not found' }],
    ['405', { status: 405 }],
    ['501', { status: 501 }],
  ])('come from the fallback tag after %s, and the API is not asked again', async (_, answer) => {
    const handler = ({ url }: AuthorizedRequest) =>
      url.pathname.includes('/referrers/') ? answer : index(['one'])
    const { repository, lines } = playRegistry(handler)
    expect(await repository.referrers(SUBJECT)).toMatchObject({
      source: 'tag',
      descriptors: [{ digest: sha256('one') }],
    })
    await repository.referrers(SUBJECT)
    expect(lines()).toEqual([
      `GET referrers/${SUBJECT}`,
      `GET manifests/${FALLBACK}`,
      `GET manifests/${FALLBACK}`,
    ])
  })

  test.each<[string, Answer]>([
    ['404 of a web server', { ...LOGIN_PAGE, status: 404 }],
    ['400', { status: 400 }],
    ['406', { status: 406 }],
    ['200 with another type', { headers: { 'content-type': 'application/json' }, body: { manifests: [] } }],
    ['200 with a web page', LOGIN_PAGE],
  ])('%s may be a proxy: it takes three of them to be no API', async (_, answer) => {
    const handler = ({ url }: AuthorizedRequest) =>
      url.pathname.includes('/referrers/') ? answer : index(['one'])
    const { repository, lines } = playRegistry(handler)
    for (let time = 0; time < 5; time += 1)
      expect(await repository.referrers(SUBJECT)).toMatchObject({ source: 'tag' })
    expect(lines().filter((line) => line.includes('referrers/'))).toHaveLength(3)
    expect(await repository.listReferrers(SUBJECT, 'again')).toBeNull()
    expect(lines().filter((line) => line.includes('referrers/'))).toHaveLength(4)
  })

  test.each<[string, Answer, number]>([
    ['404', { status: 404, body: '404 page not found' }, 1],
    ['a web page', LOGIN_PAGE, 3],
  ])('an API that was denied with %s is found when it is asked for again', async (_, answer, times) => {
    let asked = 0
    const { repository } = playRegistry(() => (++asked <= times ? answer : index(['one'])))
    for (let time = 0; time < times + 1; time += 1) expect(await repository.listReferrers(SUBJECT)).toBeNull()
    expect(await repository.listReferrers(SUBJECT, 'again')).toHaveLength(1)
    expect(await repository.listReferrers(SUBJECT)).toHaveLength(1)
  })

  test('an unknown repository says nothing about the API', async () => {
    const { repository, lines } = playRegistry(() => errors(404, 'NAME_UNKNOWN'))
    expect(await repository.referrers(SUBJECT)).toEqual({ source: 'tag', descriptors: [] })
    await repository.referrers(SUBJECT)
    expect(lines().filter((line) => line.includes('referrers/'))).toHaveLength(2)
  })

  test('an unknown manifest says nothing about the API either', async () => {
    const { repository, lines } = playRegistry(() => errors(404, 'MANIFEST_UNKNOWN'))
    expect(await repository.listReferrers(SUBJECT)).toBeNull()
    expect(await repository.listReferrers(SUBJECT)).toBeNull()
    expect(lines()).toHaveLength(2)
  })

  test.each<[string, Answer]>([
    ['404', { status: 404, body: '404 page not found' }],
    ['404 for the manifest', errors(404, 'MANIFEST_UNKNOWN')],
    ['404 for the repository', errors(404, 'NAME_UNKNOWN')],
    ['405', { status: 405 }],
    ['200 with another type', { headers: { 'content-type': 'application/json' }, body: { manifests: [] } }],
    ['200 with a web page', LOGIN_PAGE],
  ])('%s from a registry that listed referrers before is a list that cannot be read', async (_, answer) => {
    const other = sha256('other')
    const { repository } = playRegistry(({ url }) => (url.pathname.endsWith(other) ? answer : index(['one'])))
    expect(await repository.listReferrers(SUBJECT)).toHaveLength(1)
    await expect(repository.listReferrers(other)).rejects.toMatchObject({ kind: 'protocol' })
    expect(await repository.listReferrers(SUBJECT)).toHaveLength(1)
  })

  test('a full page without a link is followed up, and doubted where it repeats', async () => {
    const hundred = Array.from({ length: 100 }, (_, position) => `s${position}`)
    const paged = playRegistry(({ url }) => index(url.searchParams.has('last') ? ['more'] : hundred))
    expect(await paged.repository.listReferrers(SUBJECT)).toHaveLength(101)
    const repeating = playRegistry(() => index(hundred))
    await expect(repeating.repository.listReferrers(SUBJECT)).rejects.toThrow(/the list may be cut off/)
    const short = playRegistry(() => index(hundred.slice(1)))
    expect(await short.repository.listReferrers(SUBJECT)).toHaveLength(99)
    expect(short.lines()).toHaveLength(1)
  })

  test('no fallback tag, or one that is not an index, means none', async () => {
    const none = playRegistry(() => ({ status: 404 }))
    expect(await none.repository.referrers(SUBJECT)).toEqual({ source: 'tag', descriptors: [] })
    const other = playRegistry(({ url }) =>
      url.pathname.includes('/referrers/') ? { status: 404 } : { body: imageManifest() },
    )
    expect(await other.repository.referrers(SUBJECT)).toEqual({ source: 'tag', descriptors: [] })
  })

  test.each([
    [403, 'denied'],
    [500, 'server'],
    [429, 'rate-limit'],
  ])('status %i is not "none": a failed read keeps everything', async (status, kind) => {
    const { repository } = playRegistry(() => ({ status }))
    await expect(repository.referrers(SUBJECT)).rejects.toMatchObject({ kind })
  })
})

describe('a deletion', () => {
  const on = (host: string): Repository => ({
    registry: { host, origin: `https://${host}`, provider: detectProvider(host) },
    path: 'team/app',
  })
  const hub: Repository = {
    registry: DOCKER_HUB,
    path: 'team/app',
  }
  const plain = on('registry.example')

  /** Everything but DELETE answers that the name is still there, or not. */
  const play = (repository: Repository, answer: Answer, isThere: boolean) =>
    playRegistry(
      ({ method }) => {
        if (method === 'DELETE') return answer
        return isThere ? { headers: { 'docker-content-digest': SUBJECT } } : errors(404, 'MANIFEST_UNKNOWN')
      },
      { repository },
    )

  const V1 = tag('v1')

  test.each([
    ['202', plain, SUBJECT, { status: 202 }, true, 'done'],
    ['200', plain, V1, { status: 200 }, true, 'done'],
    ['204', plain, V1, { status: 204 }, true, 'done'],
    [
      '200 with a web page',
      plain,
      SUBJECT,
      { status: 200, body: '<!doctype html><p>Log in' },
      true,
      'failed',
    ],
    ['gone already', plain, SUBJECT, errors(404, 'MANIFEST_UNKNOWN'), true, 'gone'],
    ['bare 404 and gone', plain, SUBJECT, { status: 404 }, false, 'gone'],
    ['NAME_UNKNOWN and gone', plain, SUBJECT, errors(404, 'NAME_UNKNOWN'), false, 'gone'],
    [
      '404 page for a manifest that is there (old ECR)',
      plain,
      SUBJECT,
      { status: 404, body: '404 page not found' },
      true,
      'unsupported',
    ],
    ['a tag at 2.x', plain, V1, errors(400, 'DIGEST_INVALID'), true, 'unsupported'],
    ['deletes disabled', plain, SUBJECT, errors(405, 'UNSUPPORTED'), true, 'unsupported'],
    ['400 UNSUPPORTED', plain, SUBJECT, errors(400, 'UNSUPPORTED'), true, 'unsupported'],
    ['400 for a digest', plain, SUBJECT, errors(400, 'DIGEST_INVALID'), true, 'failed'],
    ['locked at ACR', on('acme.azurecr.io'), SUBJECT, errors(405, 'UNSUPPORTED'), true, 'locked'],
    ['a tag at ACR', on('acme.azurecr.io'), V1, errors(405, 'UNSUPPORTED'), true, 'unsupported'],
    ['held by an index at zot', plain, SUBJECT, errors(405, 'DENIED'), true, 'referenced'],
    ['conflict', plain, SUBJECT, { status: 409 }, true, 'referenced'],
    [
      'still tagged at Google',
      plain,
      SUBJECT,
      errors(400, 'GOOGLE_MANIFEST_DANGLING_TAG'),
      true,
      'referenced',
    ],
    [
      'in an index at Google',
      plain,
      SUBJECT,
      errors(400, 'GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE'),
      true,
      'referenced',
    ],
    ['no right', plain, SUBJECT, errors(403, 'DENIED'), true, 'denied'],
    ['no right at Hub', hub, SUBJECT, errors(403, 'DENIED', 'requested access is denied'), true, 'denied'],
    [
      'still tagged at Hub',
      hub,
      SUBJECT,
      errors(403, 'DENIED', 'manifest is still tagged'),
      true,
      'referenced',
    ],
    ['500, finished in the background', hub, SUBJECT, { status: 500 }, false, 'done'],
    ['500, and still there', hub, SUBJECT, { status: 500 }, true, 'again'],
    ['too many', plain, SUBJECT, { status: 429 }, true, 'again'],
    ['too many for now', plain, V1, { status: 429, headers: { 'retry-after': '30' } }, true, 'again'],
    ['busy', plain, SUBJECT, { status: 503, headers: { 'retry-after': '30' } }, true, 'again'],
  ])('%s', async (_, repository, name, answer, isThere, kind) => {
    const { repository: opened } = play(repository, answer, isThere)
    const outcome = await opened.deleteManifest(name)
    expect(outcome.kind).toBe(kind)
    expect(outcome.error === null).toBe(kind === 'done' || kind === 'gone')
  })

  test('is sent once, and only to the name', async () => {
    const { repository, lines } = play(plain, { status: 202 }, true)
    await repository.deleteManifest(V1)
    await repository.deleteManifest(SUBJECT)
    expect(lines()).toEqual(['DELETE manifests/v1', `DELETE manifests/${SUBJECT}`])
  })

  test.each([
    ['network', 'again'],
    ['deadline', 'again'],
    ['protocol', 'failed'],
    ['unauthorized', 'denied'],
    ['denied', 'denied'],
  ] as const)('that ends as %s is an outcome too', async (kind, wanted) => {
    const { repository } = playRegistry(() => {
      throw new WardenError(kind, 'no')
    })
    expect(await repository.deleteManifest(SUBJECT)).toMatchObject({ kind: wanted, error: { kind } })
  })
})
