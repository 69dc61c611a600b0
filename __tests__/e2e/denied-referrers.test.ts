import type { ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import { refuse } from '../support/embedded/replies.ts'
import { image, index } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'

const PATH = 'acme/api'
const release = image([layer('release', 2_000)])
const shared = image([layer('shared', 1_000)])
/** known to the referrers API only */
const referrer = index([shared], { subject: release.descriptor, artifactType: 'application/x.test' })

const webPage = (response: ServerResponse) =>
  void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>')
const notFound = (response: ServerResponse) =>
  void response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found')
const badRequest = (response: ServerResponse) => refuse(response, 400, 'UNKNOWN', 'bad request')

/** The first `lies` questions about referrers are answered wrongly. */
async function serve(lies: number, answer: (response: ServerResponse) => void) {
  let asked = 0
  const registry = await startEmbeddedRegistry({
    intercept: ({ url, response }) => {
      if (!url.pathname.includes('/referrers/') || ++asked > lies) return false
      answer(response)
      return true
    },
  })
  onTestFinished(() => registry.stop())
  registry.seed(PATH, release, ['release'])
  registry.seed(PATH, shared, ['pr-1'])
  const run = () =>
    runAction({
      inputs: {
        mode: 'prune',
        registry: registry.origin,
        image: PATH,
        tags: 'pr-*',
        'dry-run': 'false',
        'max-delete-percent': '100',
      },
    })
  const isThere = () => registry.store.get(PATH)!.manifests.has(shared.manifest.digest)
  return { registry, run, isThere, asked: () => asked }
}

describe.each([
  ['a web page', webPage],
  ['404 of no registry', notFound],
  ['404 UNSUPPORTED', (response: ServerResponse) => refuse(response, 404, 'UNSUPPORTED', 'no such API')],
  ['400', badRequest],
])('%s', (_, answer) => {
  it('once does not hide what refers to an image that stays', async () => {
    const { registry, run, isThere } = await serve(1, answer)
    registry.seed(PATH, referrer)
    const { exitCode, outputs } = await run()
    expect([exitCode, outputs['untagged-count'], isThere()]).toEqual([0, '1', true])
  })
})

it('an API that appears right before the first delete stops it', async () => {
  const { registry, run, isThere } = await serve(2, notFound)
  registry.seed(PATH, referrer)
  const { exitCode, annotations } = await run()
  expect([exitCode, isThere()]).toEqual([1, true])
  const said = annotations.map(({ message }) => message).join('\n')
  expect(said).toContain('the registry lists referrers now, and did not when it was read')
})

it.each([
  ['404', notFound, 3],
  ['400', badRequest, 5],
  ['a web page', webPage, 5],
])('a registry that always answers %s has no API, and is pruned', async (_, answer, questions) => {
  const { registry, run, isThere, asked } = await serve(Infinity, answer)
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) registry.seed(PATH, image([layer(name, 500)]), [name])
  const { exitCode, outputs } = await run()
  expect([exitCode, outputs['deleted-count'], isThere()]).toEqual([0, '1', false])
  expect(asked()).toBe(questions)
})
