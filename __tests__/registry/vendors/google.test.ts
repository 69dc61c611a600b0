import { expect, test } from 'vitest'

import { VENDORS } from '../../support/embedded/quirks.ts'
import { index } from '../../support/images.ts'
import { digestOf, newImage, openStage, PATH, shortListing, tag } from '../../support/vendors/stage.ts'
import type { StageOptions } from '../../support/vendors/stage.ts'

const PUSHED = Date.UTC(2026, 3, 1)

async function stage(options: StageOptions = {}) {
  const opened = await openStage({ provider: 'gar', quirks: VENDORS.gar, ...options })
  const child = newImage()
  const image = index([child])
  const untagged = newImage()
  opened.registry.seed(PATH, image, ['v1', 'latest'], PUSHED)
  opened.registry.seed(PATH, untagged, [], PUSHED)
  const asked = () =>
    opened.registry.requests.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)
  return { ...opened, asked, image: digestOf(image), child: digestOf(child), untagged: digestOf(untagged) }
}

test('the list of tags tells everything, and is asked once for both', async () => {
  const { vendor, reader, asked, image, child, untagged } = await stage()
  const dates = { pushed: '2026-04-01' }
  expect(shortListing(await vendor.list?.())).toEqual({
    tags: { latest: {}, v1: {} },
    manifests: { [child]: dates, [image]: dates, [untagged]: dates },
    untagged: [child, untagged],
    complete: true,
  })
  expect([...(await reader.tags())].toSorted()).toEqual(['latest', 'v1'])
  // the list, and the request that proves its end
  expect(asked()).toEqual(['GET list', 'GET list'])
})

test('whichever of the two comes first; later on tags are listed again', async () => {
  const { vendor, reader, asked, registry } = await stage()
  await Promise.all([reader.tags(), vendor.list?.()])
  expect(asked()).toHaveLength(2)
  registry.store.get(PATH)!.tags.delete('v1')
  expect(await reader.tags()).toEqual(['latest'])
  await reader.tags()
  expect(asked()).toHaveLength(6)
})

test('a list without manifests makes dates unknown and says so', async () => {
  const { vendor } = await stage({ quirks: {} })
  const listing = await vendor.list?.()
  expect(shortListing(listing)).toMatchObject({ manifests: {}, untagged: [], complete: true })
  expect(listing).toMatchObject({
    tellsPushTimes: true,
    doubts: [expect.stringContaining('ages are unknown')],
  })
})

test.each<[what: string, entry: [digest: string, facts: unknown]]>([
  ['no object', ['sha256:' + 'a'.repeat(64), null]],
  ['a digest in capitals', ['SHA256:' + 'A'.repeat(64), { tag: [] }]],
  ['tags that are no list', ['sha256:' + 'a'.repeat(64), { tag: 'v9' }]],
])('an entry that cannot be read may need an untagged manifest: %s', async (_, [digest, facts]) => {
  const manifest = { [digestOf(newImage())]: { timeUploadedMs: '1700000000000', tag: [] }, [digest]: facts }
  const { vendor } = await stage({
    intercept: ({ url, response }) => {
      if (!url.pathname.endsWith('/tags/list')) return false
      const body = { name: PATH, tags: [], manifest }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      return true
    },
  })
  const listing = await vendor.list?.()
  expect(shortListing(listing)).toMatchObject({ untagged: [], complete: false })
  expect(listing?.doubts).toEqual([expect.stringContaining('1 entries could not be read')])
})

test.each([undefined, null, {}])(
  'a page whose manifests are %j may hide an index that needs an untagged manifest',
  async (missing) => {
    const facts = (names: readonly string[]) => ({ timeUploadedMs: '1700000000000', tag: names })
    const described = { [digestOf(newImage())]: facts([]), [digestOf(newImage())]: facts(['v1']) }
    const { vendor } = await stage({
      intercept: ({ url, response }) => {
        if (!url.pathname.endsWith('/tags/list')) return false
        const isSecond = url.searchParams.has('last')
        const body = { name: PATH, tags: [isSecond ? 'v2' : 'v1'], manifest: isSecond ? missing : described }
        const next = `</v2/${PATH}/tags/list?n=1&last=v1>; rel="next"`
        response.writeHead(200, { 'content-type': 'application/json', ...(!isSecond && { link: next }) })
        response.end(JSON.stringify(body))
        return true
      },
    })
    const listing = await vendor.list?.()
    expect(shortListing(listing)).toMatchObject({ untagged: [], complete: false })
    expect(listing?.doubts).toEqual([expect.stringContaining('describe all manifests (none has v2)')])
  },
)

test('a repository that is not there has nothing; any other failure is one', async () => {
  const { open } = await stage()
  expect(await open('acme/none').vendor.list?.()).toMatchObject({ untagged: [], complete: true })
  const { vendor } = await stage({
    intercept: ({ response }) => {
      response.writeHead(403).end()
      return true
    },
  })
  await expect(vendor.list?.()).rejects.toMatchObject({ kind: 'denied' })
})

test('a manifest goes after its tags and its parents', async () => {
  const { vendor, image, child } = await stage()
  expect(vendor.capabilities).toMatchObject({ untag: 'yes', tagsFirst: true, referrersFirst: true })
  expect(await vendor.deleteManifest(child)).toMatchObject({ kind: 'referenced' })
  expect(await vendor.deleteManifest(image)).toMatchObject({ kind: 'referenced' })
  expect(await vendor.untag(tag('v1'), image)).toMatchObject({ kind: 'done' })
  expect(await vendor.untag(tag('latest'), image)).toMatchObject({ kind: 'done' })
  expect(await vendor.untag(tag('latest'), image)).toMatchObject({ kind: 'gone' })
  expect(await vendor.deleteManifest(image)).toMatchObject({ kind: 'done' })
  expect(await vendor.deleteManifest(child)).toMatchObject({ kind: 'done' })
})

test('the probe deletes nothing', async () => {
  const { vendor, registry } = await stage()
  expect(await vendor.probeDeletes()).toEqual({ kind: 'on' })
  expect(registry.store.get(PATH)!.manifests.size).toBe(3)
})
