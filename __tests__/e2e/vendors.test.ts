import { describe, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { image, index, storedBlobs, sum } from '../support/images.ts'
import type { NamedRequest } from '../support/named-hosts.ts'
import { runAction } from '../support/run-action.ts'
import { WORLDS, type VendorWorld } from '../support/vendors/worlds.ts'

interface Vendor {
  /** the path of the organisation; default `acme` */
  readonly owner?: string
  /** it lists no repositories, so these are named */
  readonly named?: true
  /** tags of `api` that a real prune leaves */
  readonly left: readonly string[]
  /** manifests of `api` that it leaves */
  readonly manifests: number
  /** why nothing can be deleted there */
  readonly red?: RegExp
  readonly requests: readonly [list: number, size: number, plan: number]
  /** requests of the prune that ask for a change, refused ones included */
  readonly writes: number
  /** requests of the prune, at most: looks depend on which delete is the first of its kind, and on how busy the machine is */
  readonly most: number
}

/**
 * Push times keep `pr-3`, which was built long ago and pushed yesterday. Where a single tag can be removed,
 * `pr-4` goes and its digest stays as `latest`. Who lists what has no tag deletes that as well.
 */
const VENDORS: Readonly<Record<keyof typeof WORLDS, Vendor>> = {
  'registry:3': { left: ['latest'], manifests: 4, requests: [20, 22, 34], writes: 19, most: 160 },
  'registry:2': { left: ['latest', 'pr-4'], manifests: 4, requests: [10, 14, 27], writes: 9, most: 130 },
  'Docker Hub': { left: ['latest', 'pr-3'], manifests: 5, requests: [16, 18, 34], writes: 13, most: 150 },
  GHCR: { left: ['latest', 'pr-3', 'pr-4'], manifests: 4, requests: [16, 18, 31], writes: 6, most: 160 },
  'Google Artifact Registry': {
    owner: 'acme/images',
    left: ['latest', 'pr-3'],
    manifests: 4,
    requests: [17, 19, 33],
    writes: 14,
    most: 160,
  },
  ACR: { left: ['latest', 'pr-3'], manifests: 4, requests: [20, 22, 55], writes: 11, most: 210 },
  'ECR, by its API': { left: ['latest', 'pr-3'], manifests: 4, requests: [11, 16, 36], writes: 9, most: 180 },
  'ECR, without AWS keys': {
    named: true,
    left: ['latest'],
    manifests: 4,
    requests: [8, 13, 33],
    writes: 16,
    most: 190,
  },
  'public.ecr.aws': {
    named: true,
    left: ['latest', 'pr-1', 'pr-2', 'pr-3', 'pr-4'],
    manifests: 9,
    red: /Deletes are off at public\.ecr\.aws.*aws ecr-public batch-delete-image/,
    requests: [14, 15, 36],
    writes: 1,
    most: 37,
  },
  // what has no tag Quay deletes by itself, and not when asked
  Quay: { left: ['latest', 'pr-3'], manifests: 7, requests: [15, 16, 32], writes: 10, most: 150 },
  'GitLab.com': { left: ['latest', 'pr-3'], manifests: 5, requests: [18, 20, 38], writes: 10, most: 160 },
  'GitLab, self-managed': { left: ['latest'], manifests: 4, requests: [23, 25, 58], writes: 11, most: 160 },
  Harbor: { left: ['latest', 'pr-3'], manifests: 4, requests: [19, 21, 41], writes: 11, most: 180 },
  OpenShift: { left: ['latest', 'pr-4'], manifests: 4, requests: [16, 19, 32], writes: 9, most: 140 },
  // of each image that goes, a copy is held until nothing is proven to need it
  Gitea: { left: ['latest', 'pr-3'], manifests: 4, requests: [20, 21, 36], writes: 19, most: 190 },
}

const DAY = 86_400_000
// always the same: digests decide the order of deletes
const app = (seed: string, platform = 'linux/amd64') =>
  image([layer(`${seed} ${platform}`, 3_000)], { platform, created: '2020-01-01T00:00:00Z' })
const multi = (seed: string) => index([app(seed), app(seed, 'linux/arm64')])
const latest = { api: multi('latest'), web: app('web') }

/** Two repositories of the organisation, and one of another. */
function fill({ seed }: VendorWorld['registry'], owner: string): void {
  const ago = (days: number) => Date.now() - days * DAY
  seed(`${owner}/api`, latest.api, ['latest', 'pr-4'], ago(90))
  seed(`${owner}/api`, multi('one'), ['pr-1'], ago(90))
  seed(`${owner}/api`, app('two'), ['pr-2'], ago(60))
  seed(`${owner}/api`, app('three'), ['pr-3'], ago(1))
  seed(`${owner}/api`, app('untagged'), [], ago(90))
  seed(`${owner}/web`, latest.web, ['latest'], ago(90))
  seed(`${owner}/web`, app('web one'), ['pr-1'], ago(90))
  seed(owner.replace('acme', 'other').concat('/app'), app('other'), ['pr-1'], ago(90))
}

/** What could change anything. ECR's API is asked by POST; a login to Hub is no change. */
function isWrite({ method, host, target }: NamedRequest): boolean {
  if (target !== null) return target.endsWith('.BatchDeleteImage')
  return !['GET', 'HEAD'].includes(method) && !(method === 'POST' && host === 'hub.docker.com')
}

describe.concurrent.each(Object.entries(VENDORS))('%s', (name, vendor) => {
  it('is listed, measured and pruned, by so many requests', async ({ expect, onTestFinished }) => {
    const { owner = 'acme', left, manifests, requests, writes, most, red } = vendor
    const world = await new Map<string, () => Promise<VendorWorld>>(Object.entries(WORLDS)).get(name)!()
    onTestFinished(async () => void (await Promise.all([world.registry.stop(), world.named.stop()])))
    fill(world.registry, owner)
    const host = world.inputs['registry']!
    const repositories = ['api', 'web'].map((each) => `${host}/${owner}/${each}`)
    const counts: number[] = []
    const run = async (inputs: Readonly<Record<string, string>>) => {
      world.named.requests.length = 0
      const result = await runAction({
        inputs: {
          ...world.inputs,
          image: vendor.named ? repositories.join('\n') : `${host}/${owner}/*`,
          // one after the other, so that the same ones are sent each time
          concurrency: '1',
          ...inputs,
        },
        env: world.env,
        eventName: 'schedule',
        ...(world.githubToken === undefined ? {} : { githubToken: world.githubToken }),
      })
      counts.push(world.named.requests.length)
      return { ...result, writes: world.named.requests.filter(isWrite) }
    }
    const state = () =>
      [...world.registry.store].map(([path, held]) => [
        path,
        [...held.tags.keys()].toSorted(),
        held.manifests.size,
      ])

    const listed = await run({ mode: 'list' })
    expect([listed.exitCode, listed.outputs['result'], listed.writes]).toEqual([0, 'pass', []])
    expect(JSON.parse(listed.outputs['repositories']!)).toEqual(repositories)
    expect(Object.values(JSON.parse(listed.outputs['tags']!))).toEqual([
      ['latest', 'pr-1', 'pr-2', 'pr-3', 'pr-4'],
      ['latest', 'pr-1'],
    ])

    const measured = await run({ tags: 'latest' })
    const platforms = [...latest.api.platforms, ...latest.web.platforms]
    expect([measured.exitCode, measured.writes]).toEqual([0, []])
    expect(measured.outputs).toMatchObject({
      'total-size': String(platforms.reduce((total, { size }) => total + size, 0)),
      'unique-size': String(sum(storedBlobs(platforms).values())),
    })

    const policy = { mode: 'prune', tags: 'pr-*', 'older-than': '30d', 'delete-untagged': 'true' }
    const before = state()
    const planned = await run({ ...policy, 'max-delete-percent': '100' })
    expect([planned.exitCode, planned.outputs['result'], planned.writes]).toEqual([0, 'pass', []])
    expect(state()).toEqual(before)

    const pruned = await run({ ...policy, 'max-delete-percent': '100', 'dry-run': 'false' })
    expect(pruned.exitCode).toBe(red === undefined ? 0 : 1)
    expect(pruned.stdout).toMatch(red ?? /(?:deleted|removed the tag) pr-1/)
    expect(state()).toEqual([
      [`${owner}/api`, left, manifests],
      [`${owner}/web`, red === undefined ? ['latest'] : ['latest', 'pr-1'], red === undefined ? 1 : 2],
      [owner.replace('acme', 'other').concat('/app'), ['pr-1'], 1],
    ])
    expect([...counts.slice(0, 3), pruned.writes.length]).toEqual([...requests, writes])
    expect(counts[3]).toBeLessThanOrEqual(most)
  })
})
