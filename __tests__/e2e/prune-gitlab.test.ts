import { refuse } from '../support/embedded/replies.ts'
import { shortDigest } from '../../src/domain/names/digest.ts'
import { expect, it, onTestFinished } from 'vitest'
import { orasSbom, referrersIndex, referrersTag } from '../support/artifacts.ts'
import { layer } from '../support/blobs.ts'
import { FACES, startEmbeddedRegistry } from '../support/embedded-registry.ts'
import { image } from '../support/images.ts'
import { runInProcess } from './prune-stage.ts'

/** A registry that refuses a subject while a referrer names it, and a referrer while an index lists it. */
it.each(['generic', 'gitlab'])(
  'GitLab with its database, as %s: index, then referrer, then subject',
  async (provider) => {
    const registry = await startEmbeddedRegistry(FACES.gitlabDatabase)
    onTestFinished(() => registry.stop())
    const old = image([layer('old', 3_000)])
    const sbom = orasSbom('sbom', 500, old)
    registry.seed('acme/api', old, ['pr-1'])
    registry.seed('acme/api', sbom, [])
    registry.seed('acme/api', referrersIndex([sbom]), [referrersTag(old)])
    registry.seed('acme/api', image([layer('latest', 1_000)]), ['latest'])
    const { green, failures, log } = await runInProcess({
      registry: registry.origin,
      image: 'acme/api',
      provider,
      tags: 'pr-*',
      'dry-run': 'false',
      'max-delete-percent': '100',
    })
    expect([green, failures]).toEqual([true, []])
    const { tags, manifests } = registry.store.get('acme/api')!
    expect([[...tags.keys()], manifests.size, log.filter((line) => /\b409\b/.test(line))]).toEqual([
      ['latest'],
      1,
      [],
    ])
  },
)

it('what is refused because something holds it says what that is', async () => {
  const registry = await startEmbeddedRegistry({
    intercept: ({ request, response, url }) => {
      if (request.method !== 'DELETE' || !url.pathname.endsWith(held.manifest.digest)) return false
      refuse(response, 409, 'MANIFEST_REFERENCED', 'the manifest is referenced')
      return true
    },
  })
  onTestFinished(() => registry.stop())
  const signed = orasSbom('of held', 500, held)
  registry.seed('acme/api', held, ['pr-1'])
  registry.seed('acme/api', signed, ['sbom'])
  registry.seed('acme/api', image([layer('latest', 1_000)]), ['latest'])
  const { summary, log } = await runInProcess({
    registry: registry.origin,
    image: 'acme/api',
    tags: 'pr-*',
    'dry-run': 'false',
    'max-delete-percent': '100',
  })
  const holder = `held by the referrer ${shortDigest(signed.manifest.digest)}`
  const readable = summary.replaceAll('\u200B', '')
  expect(readable).toContain(`cannot go, ${holder}`)
  expect([readable, ...log].map((text) => text.split('the manifest is referenced').length)).not.toContain(3)
  expect(log.join('\n')).toContain(`cannot go, ${holder}`)
})

const held = image([layer('held', 3_000)])
