import pMap from 'p-map'
import { layer, type BuiltLayer } from '../../__tests__/support/blobs.ts'
import { startCountingProxy } from '../../__tests__/support/counting-proxy.ts'
import { ADMIN, startDockerRegistry } from '../../__tests__/support/docker-registry.ts'
import { attestation, image, index, type BuiltImage } from '../../__tests__/support/images.ts'
import { pushBlob, pushManifest, type PushTarget } from '../../__tests__/support/push.ts'
import { startTokenServer } from '../../__tests__/support/token-server.ts'

/** One repository and what is asked of it. */
export interface Workload {
  readonly name: string
  readonly repository: string
  /** null: one image, under the tag `latest` */
  readonly tags: readonly string[] | null
  /** what a client that knew everything beforehand would ask for: each tag, and each further manifest once */
  readonly references: readonly string[]
  /** configs that a measurement of it has to read */
  readonly configs: number
}

/**
 * A request as a proxy between client and registry saw it; `path` of one to the token server begins with its
 * name.
 */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly status: number | null
}

/** A registry at some distance, its token server at the same. */
export interface Lane {
  readonly name: string
  readonly host: string
  /** requests to registry and token server so far, and forgets them; null where nobody counts */
  readonly taken: (() => readonly SeenRequest[]) | null
}

export interface Stage {
  readonly lanes: readonly [near: Lane, far: Lane]
  readonly workloads: readonly Workload[]
  /** a bearer token that reads this repository */
  readonly token: (repository: string) => string
  readonly stop: () => Promise<void>
}

/** Waited before each request that goes to the far lane. */
export const ROUND_TRIP_MS = 50

/**
 * A real docker-registry with token authentication, twice over one storage: near is asked directly, far
 * through proxies that hold each request back for a round trip.
 */
export async function startStage(tagCount: number): Promise<Stage> {
  const tokens = await startTokenServer({
    accounts: { [ADMIN.username]: { password: ADMIN.password, access: { '*': ['pull', 'push'] } } },
    lifetimeSeconds: 3600,
  })
  const farTokens = await startCountingProxy(tokens.origin, { delayMs: ROUND_TRIP_MS })
  const near = await startDockerRegistry({ auth: tokens })
  const behind = await startDockerRegistry({
    auth: { ...tokens, origin: farTokens.origin },
    storage: near.storage,
  })
  const far = await startCountingProxy(behind.origin, { delayMs: ROUND_TRIP_MS })
  const taken = (): SeenRequest[] => {
    const seen = [
      ...far.requests,
      ...farTokens.requests.map((request) => ({ ...request, path: `token server ${request.path}` })),
    ]
    far.reset()
    farTokens.reset()
    return seen
  }
  return {
    lanes: [
      { name: 'local', host: near.host, taken: null },
      { name: `${ROUND_TRIP_MS} ms away`, host: far.host, taken },
    ],
    workloads: await pushWorkloads(near.target, tagCount),
    token: (repository) => tokens.mint(ADMIN.username, `repository:${repository}:pull`),
    stop: async () => {
      await Promise.all([far.stop(), farTokens.stop(), near.stop(), behind.stop()])
      await tokens.stop()
    },
  }
}

async function pushWorkloads(
  target: (repository: string) => PushTarget,
  tagCount: number,
): Promise<readonly Workload[]> {
  const [single, platforms, many] = ['bench/single', 'bench/platforms', 'bench/tags'] as const
  const base = layers('base', 8, 4096)
  const one = image(base)
  const five = index(FIVE_PLATFORMS.map((platform) => image(layers(platform, 8, 4096), { platform })))
  await pushAll(target(single), [{ tag: 'latest', built: one }])
  await pushAll(target(platforms), [{ tag: 'latest', built: five }])
  const tagged = manyTags(tagCount, base)
  await pushAll(target(many), tagged)
  const furtherOf = (images: readonly BuiltImage[]): Set<string> =>
    new Set(
      images.flatMap(({ platforms, manifest }) =>
        platforms.map(({ digest }) => digest).filter((digest) => digest !== manifest.digest),
      ),
    )
  const tags = tagged.map(({ tag }) => tag)
  const workload = { tags: null, configs: 0 }
  return [
    { ...workload, name: 'one image', repository: single, references: ['latest'], configs: 1 },
    {
      ...workload,
      name: `an index of ${FIVE_PLATFORMS.length} platforms`,
      repository: platforms,
      references: ['latest', ...furtherOf([five])],
      configs: FIVE_PLATFORMS.length,
    },
    {
      name: `all of ${tags.length.toLocaleString('en')} tags`,
      repository: many,
      tags,
      references: [...tags, ...furtherOf(tagged.map(({ built }) => built))],
      configs: 0,
    },
  ]
}

const FIVE_PLATFORMS = ['linux/amd64', 'linux/arm64', 'linux/arm/v7', 'linux/ppc64le', 'linux/s390x']

interface Tagged {
  readonly tag: string
  readonly built: BuiltImage
}

/**
 * Of 20 tags, one names an index of two platforms with attestations, one what another tag names too, the rest
 * an image each.
 */
function manyTags(count: number, base: readonly BuiltLayer[]): readonly Tagged[] {
  const own = layers('release', 50, 2048)
  const build = (position: number, platform?: string): BuiltImage =>
    image([...base, own[position % own.length]!], {
      created: new Date(Date.UTC(2026, 0, 1) + position * 3_600_000).toISOString(),
      ...(platform === undefined ? {} : { platform }),
    })
  const multi = (position: number): BuiltImage => {
    const children = ['linux/amd64', 'linux/arm64'].map((platform) => build(position, platform))
    return index(children.flatMap((child) => [child, attestation(child)]))
  }
  return Array.from({ length: count }, (_, position) => ({
    tag: `1.${Math.floor(position / 100)}.${position % 100}`,
    // position 10 repeats what 9 has
    built: position % 20 === 0 ? multi(position) : build(position % 20 === 10 ? position - 1 : position),
  }))
}

function layers(seed: string, count: number, size: number): readonly BuiltLayer[] {
  return Array.from({ length: count }, (_, position) => layer(`${seed} ${position}`, size + 64 * position))
}

/** Children before parents, each blob and manifest once. */
async function pushAll(target: PushTarget, tagged: readonly Tagged[]): Promise<void> {
  const distinct = <T extends { readonly digest: string }>(all: readonly T[]): readonly T[] => [
    ...new Map(all.map((each) => [each.digest, each])).values(),
  ]
  const blobs = distinct(tagged.flatMap(({ built }) => built.blobs))
  const tops = new Set<string>(tagged.map(({ built }) => built.manifest.digest))
  const manifests = distinct(tagged.flatMap(({ built }) => built.manifests))
  const concurrency = 8
  await pMap(blobs, (blob) => pushBlob(target, blob), { concurrency })
  const children = manifests.filter(({ digest }) => !tops.has(digest))
  await pMap(children, (each) => pushManifest(target, each, each.digest), { concurrency })
  await pMap(tagged, ({ tag, built }) => pushManifest(target, built.manifest, tag), { concurrency })
}
