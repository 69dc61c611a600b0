import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { parseDigest } from '../../src/domain/names/digest.ts'
import { DOCKER_HUB } from '../../src/domain/names/reference.ts'
import type { Repository } from '../../src/domain/names/reference.ts'
import { openCacheFolder } from '../../src/registry/cache-folder.ts'
import { createRegistryCache } from '../../src/registry/cache.ts'
import { descriptor as descriptorOf } from '../support/fake-reader.ts'
import {
  imageManifest,
  indexManifest,
  json,
  OCI_CONFIG,
  OCI_IMAGE,
  OCI_INDEX,
  schema1Manifest,
  sha256,
  SIGNED,
  signed,
} from '../wire/documents.ts'
import { errors, LOGIN_PAGE, playRegistry, REGISTRY, tag } from './fake-registry.ts'
import type { Answer } from './fake-registry.ts'

const IMAGE = json(imageManifest())
const DIGEST = sha256(IMAGE)
const OTHER = sha256('other')

function image(headers: Record<string, string> = {}): Answer {
  return { headers: { 'content-type': OCI_IMAGE, ...headers }, body: IMAGE }
}

describe('a manifest', () => {
  test('by tag is one GET that accepts every type, and no HEAD', async () => {
    const { repository, requests, lines } = playRegistry(() => image({ 'docker-content-digest': DIGEST }))
    expect(await repository.manifest(tag('v1'))).toMatchObject({
      digest: DIGEST,
      manifest: { kind: 'image' },
    })
    expect(lines()).toEqual(['GET manifests/v1'])
    const accepted = requests[0]?.headers?.['accept']?.split(', ') ?? []
    expect(accepted).toHaveLength(9)
    expect(accepted.at(-1)).toBe('*/*;q=0.1')
    expect(requests[0]?.maxBytes).toBe(4 * 1024 * 1024)
  })

  test('is never asked for twice by digest, however many ask and however it was found', async () => {
    const { repository, lines } = playRegistry(() => image())
    await Promise.all([repository.manifest(DIGEST), repository.manifest(DIGEST), repository.manifest(DIGEST)])
    await repository.manifest(DIGEST)
    expect(lines()).toEqual([`GET manifests/${DIGEST}`])
    const second = playRegistry(() => image())
    await Promise.all([second.repository.manifest(tag('v1')), second.repository.manifest(tag('v1'))])
    await second.repository.manifest(DIGEST)
    expect(second.lines()).toEqual(['GET manifests/v1'])
  })

  test('is asked for in each repository, and by tag each time', async () => {
    const { client, repository, requests } = playRegistry(() => image())
    await repository.manifest(tag('v1'))
    await repository.manifest(tag('v1'))
    await client.open({ registry: REGISTRY, path: 'team/other' }).manifest(DIGEST)
    expect(requests.map(({ url }) => url.pathname)).toEqual([
      '/v2/team/app/manifests/v1',
      '/v2/team/app/manifests/v1',
      `/v2/team/other/manifests/${DIGEST}`,
    ])
  })

  test('is asked for again after a failure', async () => {
    let calls = 0
    const { repository } = playRegistry(() => ((calls += 1) === 1 ? { status: 500 } : image()))
    await expect(repository.manifest(DIGEST)).rejects.toMatchObject({ kind: 'server' })
    expect(await repository.manifest(DIGEST)).toMatchObject({ digest: DIGEST })
  })

  test('with a wrong digest header goes by its content and says so once', async () => {
    const { repository, logged } = playRegistry(() => image({ 'docker-content-digest': OTHER }))
    expect(await repository.manifest(tag('v1'))).toMatchObject({ digest: DIGEST })
    await repository.manifest(tag('v2'))
    expect(logged).toEqual([
      `warning: registry.example/team/app:v1: the registry says ${OTHER}, the content is ${DIGEST}; going by the content`,
    ])
  })

  test.each([
    ['no digest header', {}],
    ['a right one', { 'docker-content-digest': DIGEST }],
    ['one that is no digest', { 'docker-content-digest': '../x' }],
    ['one that cannot be computed', { 'docker-content-digest': `blake3:${'0'.repeat(64)}` }],
  ])('with %s is fine', async (_, headers) => {
    const { repository, logged } = playRegistry(() => image(headers))
    expect(await repository.manifest(tag('v1'))).toMatchObject({ digest: DIGEST })
    expect(logged).toEqual([])
  })

  test('that is not what its digest says is refused', async () => {
    const { repository } = playRegistry(() => image({ 'docker-content-digest': OTHER }))
    await expect(repository.manifest(OTHER)).rejects.toMatchObject({
      kind: 'integrity',
      exchange: { method: 'GET', status: 200 },
    })
  })

  test('under blake3 is read, and said not to be verified', async () => {
    const blake3 = parseDigest(`blake3:${'0'.repeat(64)}`)
    const { repository, logged } = playRegistry(() => image())
    expect(await repository.manifest(blake3)).toMatchObject({ digest: blake3 })
    expect(logged).toEqual([expect.stringMatching(/^notice: .*blake3 cannot be computed/)])
  })

  test('of schema 1, signed, has the digest of its payload', async () => {
    const { bytes, payload } = signed(schema1Manifest())
    const { repository, logged } = playRegistry(() => ({
      headers: { 'content-type': SIGNED, 'docker-content-digest': sha256(payload) },
      body: bytes,
    }))
    expect(await repository.manifest(tag('old'))).toMatchObject({ digest: sha256(payload) })
    expect(logged).toEqual([])
  })
})

describe('a manifest that cannot be had', () => {
  test.each([
    [
      'unknown tag',
      errors(404, 'MANIFEST_UNKNOWN', 'manifest unknown'),
      'not-found',
      /:v1: not found \(404 MANIFEST_UNKNOWN: manifest unknown\)/,
    ],
    ['unknown tag at Harbor', errors(404, 'UNKNOWN', 'not found'), 'not-found', /not found/],
    ['bare 404', { status: 404 }, 'not-found', /not found \(404\)/],
    [
      'unknown repository',
      errors(404, 'name_unknown'),
      'not-found-repository',
      /no such repository \(404 NAME_UNKNOWN\)/,
    ],
    ['404 of a web server', { ...LOGIN_PAGE, status: 404 }, 'protocol', /the answer is a web page \(404\)/],
    ['no right', errors(403, 'DENIED'), 'denied', /not permitted/],
    ['too many', errors(429, 'TOOMANYREQUESTS'), 'rate-limit', /too many requests/],
    ['too many at ECR', errors(400, 'TOOMANYREQUESTS'), 'rate-limit', /too many/],
    ['not offered', errors(405, 'UNSUPPORTED'), 'unsupported', /does not offer/],
    ['fault', { status: 503, body: 'upstream\u001b[0m' }, 'server', /failed \(503: upstream \[0m\)/],
    ['redirect without a target', { status: 302 }, 'protocol', /unexpected answer \(302\)/],
    ['bad name', errors(400, 'NAME_INVALID'), 'input', /does not accept/],
    [
      'login page',
      LOGIN_PAGE,
      'protocol',
      /web page after a redirect to sso\.example; registry\.example is not a registry/,
    ],
    ['empty answer', { headers: { 'content-type': OCI_IMAGE } }, 'protocol', /the manifest is not JSON/],
  ])('%s', async (_, answer, kind, message) => {
    const { repository } = playRegistry(() => answer)
    const failure = repository.manifest(tag('v1'))
    await expect(failure).rejects.toMatchObject({ kind, message: expect.stringMatching(message) })
    await expect(failure).rejects.toThrow(/^manifest of registry\.example\/team\/app:v1: /)
  })

  test('codes and the address without a query are kept for callers', async () => {
    const { repository } = playRegistry(() => ({
      ...errors(404, 'MANIFEST_UNKNOWN'),
      url: 'https://x.example/?sig=secret',
    }))
    await expect(repository.manifest(tag('v1'))).rejects.toMatchObject({
      exchange: {
        method: 'GET',
        url: 'https://registry.example/v2/team/app/manifests/v1',
        status: 404,
        codes: ['MANIFEST_UNKNOWN'],
      },
    })
  })
})

describe('head', () => {
  test('is asked for again each time and believes the header', async () => {
    const { repository, lines } = playRegistry(() => ({ headers: { 'docker-content-digest': DIGEST } }))
    expect(await repository.head(tag('v1'))).toBe(DIGEST)
    expect(await repository.head(tag('v1'))).toBe(DIGEST)
    expect(lines()).toEqual(['HEAD manifests/v1', 'HEAD manifests/v1'])
  })

  test.each([
    ['no header (ECR)', {}],
    ['404 (Nexus)', { status: 404 }],
    ['405', { status: 405 }],
  ])('goes on with GET after HEAD with %s', async (_, answer) => {
    const { repository, lines } = playRegistry(({ method }) => (method === 'HEAD' ? answer : image()))
    expect(await repository.head(tag('v1'))).toBe(DIGEST)
    expect(lines()).toEqual(['HEAD manifests/v1', 'GET manifests/v1'])
  })

  test('null means gone, and nothing else does', async () => {
    const gone = playRegistry(() => errors(404, 'MANIFEST_UNKNOWN'))
    expect(await gone.repository.head(DIGEST)).toBeNull()
    const failing = playRegistry(() => ({ status: 500 }))
    await expect(failing.repository.head(DIGEST)).rejects.toMatchObject({ kind: 'server' })
    const page = playRegistry(() => LOGIN_PAGE)
    await expect(page.repository.head(DIGEST)).rejects.toMatchObject({ kind: 'protocol' })
  })
})

describe('with a cache', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warden-cache-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  const quiet = { debug: () => undefined, warning: () => undefined }
  const answer = ({ method }: { method: string }) =>
    method === 'HEAD' ? { headers: { 'docker-content-digest': DIGEST } } : image()

  function play(options: { forDeletes?: boolean } = {}) {
    const cache = createRegistryCache(folder, quiet)
    return { ...playRegistry(answer, { cache, ...options }), close: cache.close }
  }

  test.each([false, true])(
    'a cold cache costs no request, a warm one a HEAD per tag (for deletes: %s)',
    async (forDeletes) => {
      const first = play({ forDeletes })
      const found = await first.repository.manifest(tag('v1'))
      expect(first.lines()).toEqual(['GET manifests/v1'])
      await first.close()
      const second = play({ forDeletes })
      expect(await second.repository.manifest(tag('v1'))).toEqual(found)
      expect(await second.repository.manifest(DIGEST)).toEqual(found)
      expect(second.lines()).toEqual(['HEAD manifests/v1'])
    },
  )

  test('what somebody vouches for costs nothing', async () => {
    await play().repository.manifest(tag('v1'))
    const { repository, lines } = play({ forDeletes: true })
    expect(await repository.manifest(tag('v1'), DIGEST)).toMatchObject({ digest: DIGEST })
    expect(await repository.manifest(DIGEST, DIGEST)).toMatchObject({ digest: DIGEST })
    expect(lines()).toEqual([])
    expect(await repository.exists(DIGEST)).toBe(true)
    expect(lines()).toEqual([`HEAD manifests/${DIGEST}`])
  })

  test('a tag that was moved since is read', async () => {
    const first = play()
    await first.repository.manifest(tag('v1'))
    await first.close()
    const cache = createRegistryCache(folder, quiet)
    const moved = json(imageManifest({ annotations: { moved: 'yes' } }))
    const { repository, lines } = playRegistry(
      () => ({ headers: { 'content-type': OCI_IMAGE, 'docker-content-digest': sha256(moved) }, body: moved }),
      { cache },
    )
    expect(await repository.manifest(tag('v1'))).toMatchObject({ digest: sha256(moved) })
    expect(lines()).toEqual(['HEAD manifests/v1', 'GET manifests/v1'])
  })

  test('hostile hints decide which request goes first, and nothing else', async () => {
    const first = play()
    await first.repository.manifest(tag('v1'))
    await first.close()
    const [name = ''] = await readdir(join(folder, 'v2', 'tags'))
    const file = join(folder, 'v2', 'tags', name)
    for (const content of [
      `v1 ${OTHER}\n`,
      'v1 sha256:../../etc/passwd\n',
      '\u0000\n\n',
      `v1 ${DIGEST}`.repeat(99),
    ]) {
      await writeFile(file, content)
      expect(await play().repository.manifest(tag('v1'))).toMatchObject({ digest: DIGEST })
    }
  })

  test('without a type in its bytes, a manifest counts for deletes only as what the registry says it is', async () => {
    const { mediaType: _, ...untyped } = imageManifest()
    const body = json(untyped)
    const digest = sha256(body)
    const serve = ({ method }: { method: string }): Answer => ({
      headers: { 'content-type': OCI_IMAGE, 'docker-content-digest': digest },
      body: method === 'HEAD' ? '' : body,
    })
    await playRegistry(serve, { cache: createRegistryCache(folder, quiet) }).repository.manifest(digest)
    const cache = createRegistryCache(folder, quiet)
    const { repository, lines } = playRegistry(serve, { cache, forDeletes: true })
    expect(await repository.manifest(digest, digest)).toMatchObject({ manifest: { kind: 'image' } })
    expect(lines()).toEqual([`HEAD manifests/${digest}`])
  })

  test('configs are kept as long as they are what the digest says; sizes, which nothing proves, are not', async () => {
    const config = json({ architecture: 'amd64', os: 'linux', created: '2026-01-01T00:00:00Z' })
    const descriptor = { ...descriptorOf('config', config.length, OCI_CONFIG), digest: sha256(config) }
    const serve = () => ({ headers: { 'content-length': '1234' }, body: config })
    const run = () => playRegistry(serve, { cache: createRegistryCache(folder, quiet) })
    const first = run()
    const read = await first.repository.config(descriptor)
    expect(await first.repository.blobSize(OTHER)).toBe(1234)
    expect(first.requests).toHaveLength(2)
    const second = run()
    expect(await second.repository.config(descriptor)).toEqual(read)
    expect(await second.repository.blobSize(OTHER)).toBe(1234)
    expect(second.lines()).toEqual([`HEAD blobs/${OTHER}`])
    const hex = descriptor.digest.slice(7)
    const file = join(folder, 'v2', 'configs', 'sha256', hex.slice(0, 2), hex)
    await writeFile(file, config.toString().replace('2026', '2016'))
    const third = run()
    expect(await third.repository.config(descriptor)).toEqual(read)
    expect(third.requests).toHaveLength(1)
  })

  test('what was not used for a month goes, and the oldest of too much', async () => {
    const now = Date.now()
    const days = (count: number) => now + count * 24 * 60 * 60 * 1000
    const cache = openCacheFolder(folder, quiet, () => now)
    const [old, used, young, large] = ['a', 'b', 'c', 'd'].map((letter) => `tags/${letter.repeat(64)}`)
    const at = (name = '') => join(folder, 'v2', name)
    for (const name of [old, used, young]) await cache.write(name ?? '', Buffer.from('x'))
    await writeFile(at(large), '')
    await truncate(at(large), 256 * 1024 * 1024)
    const age = (name: string | undefined, count: number) =>
      utimes(at(name), new Date(days(count)), new Date(days(count)))
    await age(old, -40)
    await age(used, -40)
    await age(large, -3)
    await mkdir(join(folder, 'manifests-v1'))
    await cache.read(used ?? '', 100)
    await cache.tidy()
    const left = async () => (await readdir(at('tags'))).toSorted().map((name) => `tags/${name}`)
    expect(await left()).toEqual([used, young])
    expect((await readdir(folder)).concat(await readdir(at()))).toEqual(['v2', 'tags', 'tidied'])
    await age(young, -40)
    await cache.tidy()
    expect(await left()).toEqual([used, young])
  })

  test('whoever deletes wants to know that it is still there, too', async () => {
    await play().repository.manifest(DIGEST)
    const cache = createRegistryCache(folder, quiet)
    const there = playRegistry(answer, { cache, forDeletes: true })
    expect(await there.repository.manifest(DIGEST)).toMatchObject({ digest: DIGEST })
    expect(there.lines()).toEqual([`HEAD manifests/${DIGEST}`])
    const gone = playRegistry(() => errors(404, 'MANIFEST_UNKNOWN'), { cache, forDeletes: true })
    await expect(gone.repository.manifest(DIGEST)).rejects.toMatchObject({ kind: 'not-found' })
  })

  test.each([
    ['other bytes', (content: Buffer) => Buffer.concat([content, Buffer.from(' ')])],
    ['half of it', (content: Buffer) => content.subarray(0, content.length / 2)],
    ['nothing', () => Buffer.alloc(0)],
    ['another type', (content: Buffer) => Buffer.from(content.toString().replace(OCI_IMAGE, OCI_INDEX))],
  ])('a file with %s is fetched again and mended', async (_, damage) => {
    await play().repository.manifest(DIGEST)
    const entries = await readdir(folder, { recursive: true })
    const name = entries.find((entry) => /[a-f0-9]{64}$/.test(entry)) ?? ''
    const file = join(folder, name)
    await writeFile(file, damage(await readFile(file)))
    const again = play()
    expect(await again.repository.manifest(DIGEST)).toMatchObject({ digest: DIGEST })
    expect(again.lines()).toEqual([`GET manifests/${DIGEST}`])
    const mended = play()
    await mended.repository.manifest(DIGEST)
    expect(mended.lines()).toEqual([])
  })

  test.each([
    ['pipe that nobody writes to', (file: string) => promisify(execFile)('mkfifo', [file])],
    ['link to a device without end', (file: string) => symlink('/dev/zero', file)],
  ])('a %s in its place is not read', async (_, plant) => {
    await play().repository.manifest(DIGEST)
    const entries = await readdir(folder, { recursive: true })
    const file = join(folder, entries.find((entry) => /[a-f0-9]{64}$/.test(entry)) ?? '')
    await rm(file)
    await plant(file)
    const again = play()
    expect(await again.repository.manifest(DIGEST)).toMatchObject({ digest: DIGEST })
    expect(again.lines()).toEqual([`GET manifests/${DIGEST}`])
  })

  test('nothing but whole files is left behind', async () => {
    await Promise.all([play().repository.manifest(DIGEST), play().repository.manifest(DIGEST)])
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    expect(entries.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual([DIGEST.slice(7)])
  })

  test('a folder that cannot be used is said once', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const warnings: string[] = []
    const cache = createRegistryCache(file, { ...quiet, warning: (message) => void warnings.push(message) })
    const { repository } = playRegistry(answer, { cache })
    expect(await repository.manifest(tag('v1'))).toMatchObject({ digest: DIGEST })
    expect(await repository.manifest(tag('v2'))).toMatchObject({ digest: DIGEST })
    expect(warnings).toEqual([expect.stringMatching(/cache-dir .* cannot be used \(ENOTDIR\)/)])
  })
})

describe('what registries say about themselves', () => {
  const hub: Repository = {
    registry: DOCKER_HUB,
    path: 'library/x',
  }

  test('each warning once, harmless, and not without end', async () => {
    let count = 0
    const { repository, logged } = playRegistry(() => {
      count += 1
      return image({ warning: count < 3 ? '299 - "old\u001b[1m image"' : `299 - "warning ${count}"` })
    })
    for (let i = 0; i < 30; i += 1) await repository.manifest(tag('v1'))
    expect(logged[0]).toBe('warning: registry.example warns: old [1m image')
    expect(logged).toHaveLength(10)
  })

  test('a low pull limit of Docker Hub is said once', async () => {
    const limits = { 'ratelimit-limit': '100;w=21600', 'docker-ratelimit-source': '192.0.2.1' }
    const { repository, logged } = playRegistry(
      () => image({ ...limits, 'ratelimit-remaining': '20;w=21600' }),
      {
        repository: hub,
      },
    )
    await repository.manifest(tag('v1'))
    await repository.manifest(tag('v2'))
    expect(logged).toEqual([
      'warning: Docker Hub allows only 20 of 100 pulls per 6 h for 192.0.2.1 from here on; log in for more, or set cache-dir',
    ])
  })

  test.each([
    ['enough is left', { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '21;w=21600' }],
    ['there is none', {}],
    ['it cannot be read', { 'ratelimit-limit': 'x', 'ratelimit-remaining': '0' }],
  ])('nothing is said when %s', async (_, headers) => {
    const { repository, logged } = playRegistry(() => image(headers), { repository: hub })
    await repository.manifest(tag('v1'))
    expect(logged).toEqual([])
  })
})

test('an index is followed by digest, which are found at once', async () => {
  const index = json(indexManifest())
  const { repository } = playRegistry(() => ({
    headers: { 'content-type': 'application/json' },
    body: index,
  }))
  expect(await repository.manifest(tag('v1'))).toMatchObject({
    digest: sha256(index),
    manifest: {
      kind: 'index',
      mediaType: OCI_INDEX,
      manifests: [{ digest: sha256('amd64') }, { digest: sha256('arm64') }],
    },
  })
})
