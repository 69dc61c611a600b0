import { expect, test } from 'vitest'

import { FACE_ACCOUNT, FACES } from '../../support/embedded/faces.ts'
import { index } from '../../support/images.ts'
import { digestOf, newImage, openStage, PATH, shortListing } from '../../support/vendors/stage.ts'

const PUSHED = Date.UTC(2026, 3, 1)
const credential = { kind: 'basic', ...FACE_ACCOUNT, source: 'the test' } as const

async function stage() {
  const opened = await openStage({ provider: 'gitea', ...FACES.gitea, credential })
  const api = () => opened.registry.requests.filter(({ path }) => path.startsWith('/api/'))
  return { ...opened, api }
}

test('the list tells when each name was pushed and what has no tag, over all pages', async () => {
  const { vendor, registry, api } = await stage()
  const child = newImage()
  registry.seed(PATH, index([child]), ['v1'], PUSHED)
  for (let number = 0; number < 60; number += 1) registry.seed(PATH, newImage(), [`pr-${number}`], PUSHED)
  registry.seed(`${PATH}-other`, newImage(), ['v9'], PUSHED)
  const listing = await vendor.list?.()
  const { tags, untagged } = shortListing(listing) ?? {}
  expect(Object.keys(tags ?? {})).toHaveLength(61)
  expect(tags).toMatchObject({ v1: { pushed: '2026-04-01' }, 'pr-59': { pushed: '2026-04-01' } })
  expect(tags).not.toHaveProperty('v9')
  expect(untagged).toEqual([digestOf(child)])
  expect(listing).toMatchObject({ complete: true, tellsPushTimes: true })
  // two pages, and the one behind them
  expect(api().map(({ path, query }) => `${path} ${new URLSearchParams(query).get('page')}`)).toEqual(
    ['1', '2', '3'].map((page) => `/api/v1/packages/acme ${page}`),
  )
})

test('a manifest is held by its names, and what is gone is gone at once', async () => {
  const { vendor } = await stage()
  expect(vendor.capabilities).toMatchObject({
    holds: 'names',
    frees: 'at-once',
    untag: 'yes',
    listsUntagged: true,
  })
})
