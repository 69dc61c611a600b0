import { describe, expect, test } from 'vitest'

import type { AwsEnvironment } from '../../../src/credentials/aws.ts'
import { readAwsEnvironment } from '../../../src/credentials/aws.ts'
import { registryAt, withProvider } from '../../../src/domain/names/registry.ts'
import { withEcrLogin } from '../../../src/registry/vendors/ecr.ts'
import { ecrPlace } from '../../../src/registry/vendors/ecr-api.ts'
import { createSend } from '../../../src/transport/send.ts'
import { index } from '../../support/images.ts'
import { AWS_ENV, AWS_KEYS, serveEcr } from '../../support/vendors/ecr-api.ts'
import type { EcrOptions } from '../../support/vendors/ecr-api.ts'
import {
  digestOf,
  newImage,
  NOW,
  PATH,
  serveRegistry,
  shortListing,
  stageOn,
  tag,
} from '../../support/vendors/stage.ts'

const PUSHED = Date.UTC(2026, 3, 1)
const aws = readAwsEnvironment(AWS_ENV)

async function stage(options: Partial<EcrOptions> = {}, keys: AwsEnvironment = aws) {
  const registry = await serveRegistry()
  const ecr = await serveEcr(registry, { now: () => NOW, ...options })
  const opened = stageOn(registry, { provider: 'ecr', apiUrl: ecr.origin, parts: { aws: keys } })
  const [image, untagged] = [newImage(), newImage()]
  registry.seed(PATH, image, ['v1', 'latest'], PUSHED)
  registry.seed(PATH, untagged, [], PUSHED)
  return { ...opened, ecr, embedded: registry, image: digestOf(image), untagged: digestOf(untagged) }
}

describe('ECR by its own API', () => {
  test('tells push and pull times and what has no tag, over all pages, each request signed', async () => {
    const pulled = new Map<string, number>()
    const { vendor, ecr, image, untagged, registry } = await stage({ page: 1, pulled })
    pulled.set(image, Date.UTC(2026, 4, 5) / 1000)
    const dates = { pushed: '2026-04-01', pulled: '2026-05-05' }
    const listing = await vendor.list?.()
    expect(shortListing(listing)).toEqual({
      tags: { v1: dates, latest: dates },
      manifests: { [image]: dates, [untagged]: { pushed: '2026-04-01' } },
      untagged: [untagged],
      complete: true,
    })
    expect(listing?.tellsPushTimes).toBe(true)
    expect(ecr.requests.map((line) => line.split(' ')[0])).toEqual(['DescribeImages', 'DescribeImages'])
    expect(registry.requests).toEqual([])
  })

  test('deletes what is asked together in one request, with an outcome for each', async () => {
    const { vendor, ecr, image, embedded, untagged } = await stage()
    const child = newImage()
    embedded.seed(PATH, index([child]), ['multi'], PUSHED)
    const outcomes = await Promise.all([
      vendor.untag(tag('v1'), image),
      vendor.deleteManifest(untagged),
      vendor.deleteManifest(digestOf(child)),
      vendor.untag(tag('nope'), image),
    ])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done', 'referenced', 'gone'])
    expect(ecr.requests).toHaveLength(1)
    expect([...embedded.store.get(PATH)!.tags.keys()]).toEqual(['latest', 'multi'])
  })

  test('takes at most 100 images in one request', async () => {
    const { vendor, ecr, embedded } = await stage()
    const images = Array.from({ length: 150 }, newImage)
    for (const each of images) embedded.seed(PATH, each, [], PUSHED)
    const outcomes = await Promise.all(images.map((each) => vendor.deleteManifest(digestOf(each))))
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['done']))
    expect(ecr.requests).toHaveLength(2)
  })

  test('probes with a digest that nothing has', async () => {
    expect(await (await stage()).vendor.probeDeletes()).toEqual({ kind: 'on' })
    const { vendor } = await stage({ denied: ['BatchDeleteImage'] })
    const probe = await vendor.probeDeletes()
    expect(probe).toMatchObject({
      kind: 'denied',
      error: { advice: expect.stringContaining('ecr:BatchDeleteImage') },
    })
  })

  test('waits with the probe while it is slowed down', async () => {
    const { vendor, waits } = await stage({ throttle: 2 })
    expect(await vendor.probeDeletes()).toEqual({ kind: 'on' })
    expect(waits).toEqual([1000, 2000])
  })

  test('waits while it is slowed down', async () => {
    const { vendor, waits } = await stage({ throttle: 3 })
    expect(await vendor.list?.()).toMatchObject({ complete: true })
    expect(waits).toEqual([1000, 2000, 4000])
  })

  test('a delete that is slowed down goes back to the decision', async () => {
    const { vendor, untagged, waits } = await stage({ throttle: 1 })
    expect(await vendor.deleteManifest(untagged)).toMatchObject({ kind: 'again' })
    expect(waits).toEqual([])
  })
})

describe('what AWS refuses has a line of its own', () => {
  test.each<[string, Partial<EcrOptions>, RegExp]>([
    ['an action', { denied: ['DescribeImages'] }, /may not do this.*Allow ecr:DescribeImages in the policy/],
    ['a session that has ended', { expired: true }, /session has expired.*configure-aws-credentials/],
    ['a clock that is behind', { now: () => NOW + 3_600_000 }, /the clock of this machine is wrong/],
    ['a clock that is ahead', { now: () => NOW - 3_600_000 }, /the clock of this machine is wrong/],
  ])('%s', async (_, options, message) => {
    const { vendor } = await stage(options)
    const listing = await vendor.list?.()
    // no build date stands in for what is not told
    expect(listing).toMatchObject({ tellsPushTimes: true, untagged: [] })
    expect(listing?.doubts?.join()).toMatch(message)
  })

  test('keys that do not belong together', async () => {
    const wrong = readAwsEnvironment({ ...AWS_ENV, AWS_SECRET_ACCESS_KEY: 'another-secret' })
    const { vendor, ecr } = await stage({}, wrong)
    expect((await vendor.list?.())?.doubts?.join()).toMatch(/does not know these keys.*belong together/)
    expect(ecr.requests).toEqual([])
  })

  test.each<[Record<string, string>, string]>([
    [{ AWS_ACCESS_KEY_ID: 'AKIA' }, 'AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not'],
    [{ AWS_SECRET_ACCESS_KEY: 'secret' }, 'AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not'],
    [{}, 'configure-aws-credentials'],
  ])('with %j it is a plain registry, and says so once', async (env, message) => {
    const { vendor, said, ecr } = await stage({}, readAwsEnvironment(env))
    expect(await vendor.list?.()).toMatchObject({ untagged: [], complete: true })
    expect((await vendor.list?.())?.tellsPushTimes ?? false).toBe(false)
    expect(said).toEqual([expect.stringContaining(message)])
    expect(said.join()).not.toContain('secret ')
    expect(ecr.requests).toEqual([])
  })
})

describe('the address', () => {
  const keys = { ...AWS_KEYS, region: 'us-east-2' }
  const place = (host: string, apiUrl: string | null = null) =>
    ecrPlace(withProvider(registryAt(host, null)!, 'ecr'), apiUrl === null ? null : new URL(apiUrl), keys)

  test.each([
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'https://api.ecr.eu-west-1.amazonaws.com/', 'eu-west-1'],
    [
      '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
      'https://api.ecr.cn-north-1.amazonaws.com.cn/',
      'cn-north-1',
    ],
    [
      '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com',
      'https://ecr-fips.us-gov-west-1.amazonaws.com/',
      'us-gov-west-1',
    ],
  ])('of %s, its region and account are in its name', (host, url, region) => {
    const found = place(host)
    expect([found?.url.href, found?.region, found?.registryId]).toEqual([url, region, '123456789012'])
  })

  test('of a VPC endpoint is told by provider-api-url, its region by the name or AWS_REGION', () => {
    const vpc = 'https://vpce-0a.api.ecr.ap-south-1.vpce.amazonaws.com'
    expect(place('registry.internal', vpc)).toMatchObject({ region: 'ap-south-1', registryId: null })
    expect(place('registry.internal', 'https://ecr.internal')).toMatchObject({ region: 'us-east-2' })
  })

  test('there is none for public.ecr.aws', () => {
    expect(ecrPlace(registryAt('public.ecr.aws', null)!, null, keys)).toBeNull()
  })
})

test('the login comes from the keys where nothing else has one, once for a registry', async () => {
  const { ecr, registry: embedded } = await stage({ login: { username: 'AWS', password: 'twelve-hours' } })
  const masks: string[] = []
  const { send, dispose } = createSend({
    userAgent: 'warden-test/1',
    env: {},
    insecureOrigins: new Set(),
    ca: null,
    clock: () => NOW,
    log: { debug: () => {}, info: () => {} },
  })
  const keychain = withEcrLogin({
    keychain: () => Promise.resolve({ kind: 'anonymous', source: 'the test' }),
    aws,
    apiUrl: new URL(ecr.origin),
    send,
    clock: () => NOW,
    sleep: () => Promise.resolve(),
    mask: (secret) => void masks.push(secret),
  })
  const registry = withProvider(registryAt(embedded.host, 'http')!, 'ecr')
  const [first, second] = await Promise.all(['a', 'b'].map((path) => keychain({ registry, path })))
  dispose()
  expect(first).toMatchObject({ kind: 'basic', username: 'AWS', password: 'twelve-hours' })
  expect(second).toBe(first)
  expect(masks).toContain('twelve-hours')
  expect(ecr.requests).toEqual(['GetAuthorizationToken {}'])
  // another registry gets nothing of it
  const other = registryAt('ghcr.io', null)!
  expect(await keychain({ registry: other, path: 'a' })).toMatchObject({ kind: 'anonymous' })
})
