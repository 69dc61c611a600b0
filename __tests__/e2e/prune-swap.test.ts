import { describe, it, type TestContext } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import { refuse } from '../support/embedded/replies.ts'
import { image } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'

const PATH = 'acme/api'
const shared = image([layer('shared', 1_000)])
const DIGEST = shared.manifest.digest

/** `prod` and `pr-1` on one image; the delete of the manifest that `pr-1` was moved to is refused so many times. */
async function serve(
  refusals: number,
  [status, code]: readonly [number, string],
  onTestFinished: TestContext['onTestFinished'],
) {
  let refused = 0
  const named = (tag: string) => registry.store.get(PATH)?.tags.get(tag)
  const registry = await startEmbeddedRegistry({
    quirks: { tagDelete: 'digest-invalid' },
    intercept: ({ request, response, url }) => {
      const placeholder = named('pr-1')
      const isOurs = placeholder !== undefined && placeholder !== DIGEST && url.pathname.endsWith(placeholder)
      if (request.method !== 'DELETE' || !isOurs || ++refused > refusals) return false
      response.setHeader('retry-after', '1')
      refuse(response, status, code, 'not now')
      return true
    },
  })
  onTestFinished(() => registry.stop())
  registry.seed(PATH, image([layer('other', 1_000)]), ['other'])
  registry.seed(PATH, shared, ['prod', 'pr-1'])
  const run = async () => {
    const { exitCode, outputs, annotations } = await runAction({
      inputs: {
        mode: 'prune',
        registry: registry.origin,
        image: PATH,
        tags: 'pr-*',
        'shared-digest': 'swap',
        'dry-run': 'false',
        'max-delete-percent': '100',
      },
    })
    const said = annotations.map(({ message }) => message).join('\n')
    return { exitCode, untagged: outputs['untagged-count'], said }
  }
  return { run, named, refused: () => refused }
}

describe.concurrent('a tag that was moved to a placeholder', () => {
  it.for<[number, string]>([
    [429, 'TOOMANYREQUESTS'],
    [503, 'UNAVAILABLE'],
    [500, 'UNKNOWN'],
    [404, 'MANIFEST_UNKNOWN'],
  ])(
    'is removed after all where the delete of that is answered %i once',
    async (refusal, { expect, onTestFinished }) => {
      const { run, named, refused } = await serve(1, refusal, onTestFinished)
      expect(await run()).toMatchObject({ exitCode: 0, untagged: '1' })
      expect([named('pr-1'), named('prod'), refused()]).toEqual([undefined, DIGEST, 2])
    },
  )

  it.for<[number, string]>([
    [429, 'TOOMANYREQUESTS'],
    [403, 'DENIED'],
    [409, 'CONFLICT'],
    [404, 'MANIFEST_UNKNOWN'],
  ])(
    'names its image again where the delete of that is always answered %i',
    async (refusal, { expect, onTestFinished }) => {
      const { run, named } = await serve(Infinity, refusal, onTestFinished)
      const { untagged, said } = await run()
      expect([untagged, named('pr-1'), named('prod')]).toEqual(['0', DIGEST, DIGEST])
      expect(said).not.toContain('since the plan was made')
    },
  )
})
