import { expect, test } from 'vitest'

import type { Provider } from '../../../src/domain/names/provider.ts'
import { VENDORS } from '../../support/embedded/quirks.ts'
import type { Quirks } from '../../support/embedded/quirks.ts'
import { refuse } from '../../support/embedded/replies.ts'
import { digestOf, newImage, openStage, PATH, tag } from '../../support/vendors/stage.ts'
import type { StageOptions } from '../../support/vendors/stage.ts'

async function stage(provider: Provider, quirks: Quirks, options: StageOptions = {}) {
  const opened = await openStage({ provider, quirks, ...options })
  const image = newImage()
  opened.registry.seed(PATH, image, ['v1', 'latest'])
  return { ...opened, image: digestOf(image) }
}

test('ECR is asked only through the registry, and says so once', async () => {
  const { vendor, said, registry } = await stage('ecr', VENDORS.ecr)
  await vendor.list?.()
  expect(await vendor.list?.()).toMatchObject({ untagged: [], complete: true })
  expect(said).toEqual([expect.stringContaining('signed requests')])
  expect(registry.requests).toEqual([])
})

test.each([
  [403, 'ImageReferencedByManifestList', 'referenced'],
  [400, 'ImageReferencedByManifestList', 'referenced'],
  [403, 'DENIED', 'denied'],
])('ECR keeps what an index needs: %i %s', async (status, code, kind) => {
  const { vendor, image } = await stage('ecr', VENDORS.ecr, {
    intercept: ({ request, response }) => {
      if (request.method === 'DELETE') refuse(response, status, code, 'no')
      return request.method === 'DELETE'
    },
  })
  expect(await vendor.deleteManifest(image)).toMatchObject({ kind })
})

test('at ECR nothing but a deletion proves that deletions work', async () => {
  const { vendor, image } = await stage('ecr', VENDORS.ecr)
  expect(await vendor.probeDeletes()).toEqual({ kind: 'unclear' })
  expect(await vendor.deleteManifest(image)).toEqual({ kind: 'done', error: null })
})

test('OpenShift explains how its cluster removes tags', async () => {
  const { vendor, image } = await stage('openshift', VENDORS.distribution2)
  expect(await vendor.untag(tag('v1'), image)).toMatchObject({
    kind: 'unsupported',
    error: { advice: expect.stringContaining('oc tag -d') },
  })
  expect(await vendor.probeDeletes()).toEqual({ kind: 'on' })
  expect(await vendor.deleteManifest(image)).toEqual({ kind: 'done', error: null })
})

test('OpenShift with deletes off explains that, too', async () => {
  const { vendor } = await stage('openshift', { digestDelete: 'method-not-allowed' })
  const advice = expect.stringContaining('oc adm prune')
  expect(await vendor.probeDeletes()).toMatchObject({ kind: 'off', error: { advice } })
})
