import { describe, expect, test } from 'vitest'

import { UNPROTECTED } from '../../usecases/prune/stage.ts'
import { prune } from '../../../src/usecases/prune/prune.ts'
import type { PruneTarget } from '../../../src/domain/prune/ports.ts'
import { policy } from '../../domain/prune/repository-dsl.ts'
import { VENDORS } from '../../support/embedded/quirks.ts'
import type { Quirks } from '../../support/embedded/quirks.ts'
import { refuse, reply } from '../../support/embedded/replies.ts'
import { tagsOf } from '../../support/embedded/store.ts'
import type { EmbeddedRegistry, Exchange } from '../../support/embedded-registry.ts'
import { index } from '../../support/images.ts'
import { acrApi } from '../../support/vendors/acr-api.ts'
import { servePackages } from '../../support/vendors/github-packages.ts'
import { harborApi } from '../../support/vendors/harbor-api.ts'
import { serveHub } from '../../support/vendors/hub-api.ts'
import { newImage, NOW, serveRegistry, stageOn } from '../../support/vendors/stage.ts'
import type { StageOptions } from '../../support/vendors/stage.ts'

const PATH = 'acme/api'
const LOGIN = { username: 'ci', password: 'some-secret' }
const PUSHED = Date.UTC(2026, 3, 1)

const [amd64, arm64, shared, newest, stray, fresh] = Array.from({ length: 6 }, newImage)
const multi = index([amd64!, arm64!])
const NAMES = new Map(
  Object.entries({ multi, amd64, arm64, shared, newest, stray, fresh }).map(([name, built]) => [
    built!.manifest.digest as string,
    name,
  ]),
)

/**
 * `old` is a multi-arch image, `old-alias` shares its manifest with `stable`; one untagged manifest is old,
 * one new.
 */
function fill(registry: EmbeddedRegistry): void {
  registry.seed(PATH, multi, ['old'], PUSHED)
  registry.seed(PATH, shared!, ['old-alias', 'stable'], PUSHED)
  registry.seed(PATH, newest!, ['latest'], PUSHED)
  registry.seed(PATH, stray!, [], PUSHED)
  registry.seed(PATH, fresh!, [], NOW - 60_000)
}

const RULES = policy({ tags: 'old*', olderThan: '20d', deleteUntagged: true })

async function run(target: PruneTarget, rules = RULES, dryRun = false) {
  const protection = UNPROTECTED
  const quiet = { debug: () => {}, info: () => {}, notice: () => {}, warning: () => {} }
  const report = await prune(
    { targets: [{ target, protection }], policy: rules, dryRun, validate: true, reviewed: null },
    { log: quiet, now: () => NOW, concurrency: 4, sleep: async () => undefined, timeIsUp: () => false },
  )
  return report.repositories[0]!
}

interface Vendor {
  readonly quirks: Quirks
  readonly intercept?: (registry: () => EmbeddedRegistry) => (exchange: Exchange) => boolean
  readonly options?: (registry: EmbeddedRegistry) => Partial<StageOptions> | Promise<Partial<StageOptions>>
  readonly auth?: StageOptions['auth']
}

const credential = { kind: 'basic', ...LOGIN, source: 'the test' } as const
const access = { [PATH]: ['pull', 'push', 'delete', 'metadata_read'] }

const ghcr = (swap: boolean): Vendor => ({
  quirks: VENDORS.ghcr,
  options: async (registry) => {
    const dates = new Map(
      [...NAMES].map(([digest, name]) => {
        const date = new Date(name === 'fresh' ? NOW - 60_000 : PUSHED).toISOString()
        return [digest, { created: date, updated: date }]
      }),
    )
    const { origin } = await servePackages(registry, { path: PATH, dates, page: 3 })
    return { provider: 'ghcr', apiUrl: origin, githubToken: 'gh-token-1', swap }
  },
})

/** Deletes no manifest without a tag, as Quay does. */
const quay = (registry: () => EmbeddedRegistry) => (exchange: Exchange) => {
  const { request, response, url } = exchange
  if (url.pathname === `/api/v1/repository/${PATH}/tag/`) {
    const tags = [...registry().store.get(PATH)!.tags].map(([name, manifest_digest]) => ({
      name,
      manifest_digest,
      start_ts: PUSHED / 1000,
    }))
    reply(response, 200, { tags, has_additional: false })
    return true
  }
  const digest = url.pathname.split('/').at(-1) ?? ''
  const isUntagged = digest.includes(':') && tagsOf(registry().store.get(PATH)!, digest).length === 0
  if (request.method !== 'DELETE' || !isUntagged) return false
  refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown')
  return true
}

const VENDORS_OF: Readonly<Record<string, Vendor>> = {
  'distribution 2': { quirks: VENDORS.distribution2 },
  'distribution 3': { quirks: VENDORS.distribution3 },
  ghcr: ghcr(false),
  gar: { quirks: VENDORS.gar, options: () => ({ provider: 'gar' }) },
  harbor: {
    quirks: VENDORS.harbor,
    auth: { kind: 'basic', ...LOGIN },
    intercept: (registry) => harborApi({ store: () => registry().store, page: 2, ...LOGIN }),
    options: () => ({ provider: 'harbor', credential }),
  },
  acr: {
    quirks: VENDORS.acr,
    auth: { kind: 'token', accounts: { ci: { password: LOGIN.password, access } } },
    intercept: (registry) => acrApi({ registry, page: 2 }),
    options: () => ({ provider: 'acr', credential }),
  },
  'docker hub': {
    quirks: { ...VENDORS.dockerHub, pullLimit: 1000 },
    options: async (registry) => {
      const { origin } = await serveHub(registry, { path: PATH, username: 'ci', secret: LOGIN.password })
      return { provider: 'docker-hub', apiUrl: origin, login: LOGIN }
    },
  },
  quay: { quirks: VENDORS.quay, intercept: quay, options: () => ({ provider: 'quay' }) },
}

/** `beforeTags` is done once, right before the registry answers what tags it has. */
async function stage(
  { quirks, intercept, options = () => ({}), auth }: Vendor,
  beforeTags: (registry: EmbeddedRegistry) => void = () => {},
) {
  let registry: EmbeddedRegistry | null = null
  const answer = intercept?.(() => registry!) ?? (() => false)
  let isListed = false
  const meanwhile = (exchange: Exchange) => {
    if (!isListed && exchange.url.pathname === `/v2/${PATH}/tags/list`) {
      isListed = true
      beforeTags(registry!)
    }
    return answer(exchange)
  }
  const served = await serveRegistry({
    quirks,
    intercept: meanwhile,
    ...(auth === undefined ? {} : { auth }),
  })
  registry = served
  fill(served)
  const { open } = stageOn(served, await options(served))
  const left = () => {
    const { tags, manifests } = served.store.get(PATH)!
    const names = [...manifests.keys()].map((digest) => NAMES.get(digest) ?? 'unknown')
    return { tags: [...tags.keys()].toSorted(), manifests: names.toSorted() }
  }
  return { target: open(PATH), left, registry: served }
}

const WRITES = {
  untagged: { tags: ['latest', 'stable'], manifests: ['fresh', 'newest', 'shared'] },
  skipped: { tags: ['latest', 'old-alias', 'stable'], manifests: ['fresh', 'newest', 'shared'] },
  // what has no tag cannot be seen there
  plain: { tags: ['latest', 'stable'], manifests: ['fresh', 'newest', 'shared', 'stray'] },
}

describe('one policy, each vendor in its own way', () => {
  test.each([
    ['distribution 2', { ...WRITES.plain, tags: ['latest', 'old-alias', 'stable'] }],
    ['distribution 3', WRITES.plain],
    ['ghcr', WRITES.skipped],
    ['gar', WRITES.untagged],
    ['harbor', WRITES.untagged],
    ['acr', WRITES.untagged],
    ['docker hub', WRITES.plain],
    // its children wait for Quay's own collection
    ['quay', { ...WRITES.plain, manifests: ['amd64', 'arm64', ...WRITES.plain.manifests] }],
  ])('%s', async (name, wanted) => {
    const { target, left } = await stage(VENDORS_OF[name]!)
    const before = left()
    expect((await run(target, RULES, true)).problems).toEqual([])
    expect(left()).toEqual(before)
    const outcome = await run(target)
    expect([outcome.state, outcome.problems, outcome.broken]).toEqual(['done', [], []])
    expect(left()).toEqual(wanted)
    // a second run finds nothing more to do
    await run(target)
    expect(left()).toEqual(wanted)
  })

  test.each(['ghcr', 'harbor', 'acr', 'docker hub'])(
    '%s: a tag that is pushed between the two lists is not as old as it was before',
    async (name) => {
      const image = newImage()
      const push = (registry: EmbeddedRegistry) => registry.seed(PATH, image, ['old', 'old-new'], NOW)
      const { target, left } = await stage(VENDORS_OF[name]!, push)
      const outcome = await run(target)
      const kept = outcome.tags.filter(({ digest }) => digest === image.manifest.digest)
      expect(kept.map(({ tag, reason }) => `${tag} ${reason}`).toSorted()).toEqual([
        'old unknown-age',
        'old-new unknown-age',
      ])
      expect(left().tags).toEqual(expect.arrayContaining(['latest', 'old', 'old-new', 'stable']))
    },
  )

  test.each(['ghcr', 'gar', 'harbor', 'acr'])(
    '%s: an untagged index that is pushed after the list was read keeps its old children',
    async (name) => {
      const { target, left, registry } = await stage(VENDORS_OF[name]!)
      const late = index([amd64!, stray!])
      let lists = 0
      const list = async () => {
        const listing = await target.vendor.list!()
        lists += 1
        if (lists === 1) registry.seed(PATH, { ...late, manifests: [late.manifest] }, [], NOW)
        return listing
      }
      const outcome = await run({ ...target, vendor: { ...target.vendor, list } })
      expect(registry.store.get(PATH)?.manifests.has(late.manifest.digest)).toBe(true)
      expect(left().manifests).toEqual(expect.arrayContaining(['amd64', 'stray']))
      expect(left().manifests).not.toContain('arm64')
      expect(outcome.broken).toEqual([])
      // at the start, and before the first manifest without a tag went
      expect(lists).toBe(2)
    },
  )

  test('ghcr, with placeholders', async () => {
    const { target, left } = await stage(ghcr(true))
    const outcome = await run(target, { ...RULES, sharedDigest: 'swap' })
    expect([outcome.state, outcome.problems, outcome.broken]).toEqual(['done', [], []])
    expect(left()).toEqual(WRITES.untagged)
  })
})
