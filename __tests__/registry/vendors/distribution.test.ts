import { describe, expect, test } from 'vitest'

import { VENDORS } from '../../support/embedded/quirks.ts'
import { refuse } from '../../support/embedded/replies.ts'
import { digestOf, newImage, openStage, PATH, tag } from '../../support/vendors/stage.ts'
import type { StageOptions } from '../../support/vendors/stage.ts'

async function stage(options: StageOptions = {}) {
  const opened = await openStage(options)
  const image = newImage()
  opened.registry.seed(PATH, image, ['v1', 'latest'])
  const asked = () =>
    opened.registry.requests.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)
  return {
    ...opened,
    digest: digestOf(image),
    asked,
    tags: () => [...opened.registry.store.get(PATH)!.tags.keys()],
  }
}

/** Answers every deletion so. */
const refusing = (status: number, code: string): StageOptions => ({
  intercept: ({ request, response }) => {
    if (request.method !== 'DELETE') return false
    refuse(response, status, code, 'no')
    return true
  },
})

test('distribution 3 removes only a tag, and a manifest with its tags', async () => {
  const { vendor, digest, tags } = await stage({ quirks: VENDORS.distribution3 })
  expect(vendor.capabilities).toMatchObject({ untag: 'unknown', listsUntagged: false })
  expect(vendor.list).toBeUndefined()
  expect(await vendor.untag(tag('v1'), digest)).toEqual({ kind: 'done', error: null })
  expect(tags()).toEqual(['latest'])
  expect(await vendor.deleteManifest(digest)).toEqual({ kind: 'done', error: null })
  expect(tags()).toEqual([])
})

test('distribution 2 does not, and is not asked a second time', async () => {
  const { vendor, digest, tags, asked } = await stage({ quirks: VENDORS.distribution2 })
  const outcome = await vendor.untag(tag('v1'), digest)
  expect(outcome).toMatchObject({ kind: 'unsupported', error: { exchange: { status: 400 } } })
  expect(outcome.error?.line).toBe(
    'this registry cannot remove one tag of a shared digest (registry:2 cannot, registry:3 can). shared-digest: swap does it',
  )
  expect(await vendor.untag(tag('latest'), digest)).toMatchObject({ kind: 'unsupported' })
  expect(asked()).toEqual(['DELETE v1'])
  expect(tags()).toEqual(['v1', 'latest'])
})

test('a placeholder takes the tag away', async () => {
  const { vendor, digest, tags } = await stage({ quirks: VENDORS.distribution2 })
  const placeholder = await vendor.pushPlaceholder!(tag('v1'), null)
  expect(await vendor.deleteManifest(placeholder)).toMatchObject({ kind: 'done' })
  expect(tags()).toEqual(['latest'])
  expect(await vendor.deleteManifest(digest)).toMatchObject({ kind: 'done' })
})

describe('the probe', () => {
  test('asks once for what cannot be there, and deletes nothing', async () => {
    const { vendor, tags, asked } = await stage()
    expect(await vendor.probeDeletes()).toEqual({ kind: 'on' })
    expect(asked()).toEqual([`DELETE sha256:${'0'.repeat(64)}`])
    expect(tags()).toEqual(['v1', 'latest'])
  })

  test('says how deletes are allowed where they are off', async () => {
    const { vendor } = await stage({ quirks: { digestDelete: 'method-not-allowed' } })
    const probe = await vendor.probeDeletes()
    expect(probe.kind).toBe('off')
    expect('error' in probe ? probe.error.line : '').toMatch(
      /^Deletes are off at [\w.:]+ \(405 UNSUPPORTED\)\. A self-hosted registry allows them with REGISTRY_STORAGE_DELETE_ENABLED=true/,
    )
  })

  test.each([
    [403, 'DENIED', 'denied'],
    [400, 'DIGEST_INVALID', 'unclear'],
    [409, 'CONFLICT', 'unclear'],
    [429, 'TOOMANYREQUESTS', 'failed'],
  ])('an answer %i %s is %s', async (status, code, kind) => {
    const { vendor } = await stage(refusing(status, code))
    const probe = await vendor.probeDeletes()
    expect(probe.kind).toBe(kind)
    expect('error' in probe ? probe.error.line : '').not.toContain('0000')
  })
})

describe('a login that may read but not delete', () => {
  const login = { username: 'reader', password: 'some-secret' }
  const access = { [PATH]: ['pull'] }

  test.each([
    [
      'the token server grants nothing',
      { kind: 'token', accounts: { reader: { password: login.password, access } } },
    ],
    ['the registry answers 403', undefined],
  ] as const)('is told so, where %s', async (_, auth) => {
    const options: StageOptions =
      auth === undefined
        ? refusing(403, 'DENIED')
        : { auth, credential: { kind: 'basic', ...login, source: 'the test' } }
    const { vendor, reader, digest } = await stage(options)
    expect(await reader.tags()).toHaveLength(2)
    const { kind, error } = await vendor.deleteManifest(digest)
    expect(kind).toBe('denied')
    expect(error?.line).toContain('This login may read, but not delete')
    expect(error?.line).not.toMatch(/login is wrong|does not exist/)
  })

  test('is told the permission of its vendor', async () => {
    const { vendor, reader, digest } = await stage({ ...refusing(403, 'DENIED'), provider: 'gitea' })
    await reader.tags()
    const { error } = await vendor.deleteManifest(digest)
    expect(error?.line).toContain('write:package to delete')
  })
})

test('a 405 without a word may also be a registry that is read-only', async () => {
  const { vendor } = await stage({
    intercept: ({ request, response }) => {
      if (request.method !== 'DELETE') return false
      response.writeHead(405).end()
      return true
    },
  })
  expect(await vendor.probeDeletes()).toMatchObject({
    kind: 'off',
    error: { advice: expect.stringContaining('read-only') },
  })
})
