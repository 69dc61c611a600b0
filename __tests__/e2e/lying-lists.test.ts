import type { ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { FACES, startEmbeddedRegistry, VENDORS } from '../support/embedded-registry.ts'
import type { EmbeddedRegistry, EmbeddedRegistryOptions } from '../support/embedded-registry.ts'
import { image, index } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'
import { servePackages } from '../support/vendors/github-packages.ts'

const REPOSITORY = 'acme/api'
const shared = image([layer('shared', 3_000)])
const numbered = (count: number) =>
  Array.from({ length: count }, (_, position) => `pr-${String(position).padStart(4, '0')}`)

async function serve(options: EmbeddedRegistryOptions): Promise<EmbeddedRegistry> {
  const registry = await startEmbeddedRegistry(options)
  onTestFinished(() => registry.stop())
  return registry
}

/** `pr-0000` and `prod`, the first and the last of so many tags, name one image. */
async function withHiddenTag(options: EmbeddedRegistryOptions, count: number) {
  const registry = await serve(options)
  registry.seed(REPOSITORY, image([layer('other', 2_000)]), numbered(count - 1).slice(1))
  registry.seed(REPOSITORY, shared, ['pr-0000', 'prod'])
  const inputs = { registry: registry.origin, image: REPOSITORY }
  const prune = () =>
    runAction({
      inputs: {
        ...inputs,
        mode: 'prune',
        tags: 'pr-*',
        'dry-run': 'false',
        'max-delete-percent': '100',
      },
    })
  const size = () => runAction({ inputs: { ...inputs, tags: 'all' } })
  const isThere = (tag: string) => {
    const { tags, manifests } = registry.store.get(REPOSITORY)!
    return manifests.has(tags.get(tag) ?? '')
  }
  return { prune, size, isThere }
}

const pagesOf37WithLinkOnTheFirst = { ...FACES.pagesWithoutLink.quirks, links: 'first-page' } as const

describe.each<[string, EmbeddedRegistryOptions, number]>([
  ['a Link on the first page only', FACES.linkOnFirstPage, 251],
  ['pages of 37 without Link', FACES.pagesWithoutLink, 251],
  ['pages of 37, a Link on the first', { quirks: pagesOf37WithLinkOnTheFirst }, 112],
  ['one page as large as asked for, whatever follows', FACES.listOfOnePage, 1_251],
])('%s', (_, options, count) => {
  it('hides no tag from a prune, nor from size', async () => {
    const { prune, size, isThere } = await withHiddenTag(options, count)
    const measured = await size()
    expect(measured.exitCode).toBe(0)
    const names = JSON.parse(measured.outputs['json'] ?? '{}').images.flatMap(
      (each: { names?: string[]; image: string }) => each.names ?? [each.image],
    )
    expect(names).toHaveLength(count)
    const pruned = await prune()
    expect([pruned.exitCode, pruned.outputs['result']]).toEqual([0, 'pass'])
    expect([isThere('prod'), isThere('pr-0000'), isThere('pr-0001')]).toEqual([true, false, false])
  })
})

describe('a list that always ends after 100 entries', () => {
  const options = { quirks: { maxPage: 100, defaultPage: 100, ignoreLast: true, links: 'none' } } as const

  it('is nothing to delete by, and says what helps', async () => {
    const { prune, isThere } = await withHiddenTag(options, 151)
    const { exitCode, annotations } = await prune()
    expect(exitCode).toBe(1)
    expect(isThere('prod') && isThere('pr-0000')).toBe(true)
    const said = annotations.map(({ message }) => message).join('\n')
    expect(said).toContain('its 100 entries are exactly a full page')
    expect(said).toContain('Push or delete one tag')
  })

  it('is measured with a warning', async () => {
    const { size } = await withHiddenTag(options, 151)
    const { exitCode, annotations } = await size()
    expect(exitCode).toBe(0)
    expect(annotations.map(({ level, message }) => `${level} ${message}`).join('\n')).toMatch(
      /warning .*may be cut off/,
    )
  })
})

it('exactly 1,000 tags on a registry that pages rightly are complete', async () => {
  const { prune, isThere } = await withHiddenTag({ quirks: { maxPage: 1000, links: 'none' } }, 1_000)
  const pruned = await prune()
  expect([pruned.exitCode, isThere('prod'), isThere('pr-0001')]).toEqual([0, true, false])
})

it("versions behind a page of GitHub's list without Link are seen", async () => {
  const registry = await serve({ quirks: VENDORS.ghcr })
  const [amd64, arm64] = ['amd64', 'arm64'].map((name) =>
    image([layer(name, 1_000)], { platform: `linux/${name}` }),
  )
  const young = index([amd64!, arm64!])
  const old = '2026-01-01T00:00:00Z'
  const now = new Date().toISOString()
  // GitHub lists the newest first: what is put in first is on the last page
  registry.seed(REPOSITORY, { ...young, manifests: [young.manifest] })
  for (let position = 0; position < 118; position += 1)
    registry.seed(REPOSITORY, image([layer(`version ${position}`, 100)]), position === 0 ? ['latest'] : [])
  registry.seed(REPOSITORY, amd64!)
  registry.seed(REPOSITORY, arm64!)
  const dates = new Map(
    [...registry.store.get(REPOSITORY)!.manifests.keys()].map((digest) => {
      const date = digest === young.manifest.digest ? now : old
      return [digest, { created: date, updated: date }]
    }),
  )
  const packages = await servePackages(registry, {
    path: REPOSITORY,
    dates,
    intercept: (_, response) => withoutLink(response),
  })
  const { exitCode, outputs } = await runAction({
    inputs: {
      mode: 'prune',
      registry: registry.origin,
      image: REPOSITORY,
      provider: 'ghcr',
      'provider-api-url': packages.origin,
      'github-token': 'gh-token-1',
      'delete-untagged': 'true',
      'max-delete-percent': '100',
      'dry-run': 'false',
    },
    timeoutMs: 180_000,
  })
  expect([exitCode, outputs['deleted-manifests-count']]).toEqual([0, '117'])
  const left = registry.store.get(REPOSITORY)!.manifests
  expect([young, amd64!, arm64!].map(({ manifest }) => left.has(manifest.digest))).toEqual([true, true, true])
}, 200_000)

/** As a proxy that drops what it does not know. */
function withoutLink(response: ServerResponse): false {
  const set = response.setHeader.bind(response)
  response.setHeader = (name, value) => (name.toLowerCase() === 'link' ? response : set(name, value))
  return false
}
