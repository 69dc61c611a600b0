import pMap from 'p-map'
import type { BuiltImage } from '../../__tests__/support/images.ts'
import type { Fixture, Push } from './fixture.ts'
import { described, type PlainClient } from './plain-client.ts'
import type { Row } from './row.ts'
import { can } from './row.ts'

/** What a repository holds, as plain requests see it. */
export interface Sight {
  /** the digest that each tag of the fixture names; null when it names none */
  readonly tags: ReadonlyMap<string, string | null>
  /** whether each manifest of the fixture answers by its digest */
  readonly manifests: ReadonlyMap<string, boolean>
}

/** What was really pushed. */
export interface Pushed {
  readonly images: readonly Push[]
  readonly rows: readonly Row[]
}

/** Throws when an image is refused that no registry may refuse. */
export async function pushAll(client: PlainClient, fixture: Fixture, referrersApi: boolean): Promise<Pushed> {
  const images: Push[] = []
  let nested: Row | null = null
  for (const push of fixture.pushes) {
    if (push.withoutReferrersApi && referrersApi) continue
    const answer = await client.push(push.image, ...push.tags)
    const isTaken = answer.status < 300
    if (isTaken) images.push(push)
    else if (!push.optional)
      throw new Error(`the registry refuses ${push.tags.join(', ')}: ${described(answer)}`)
    if (push.optional) nested ??= can('takes an index of indexes', isTaken, described(answer))
  }
  return { images, rows: nested ? [nested] : [] }
}

export async function look(client: PlainClient, { images }: Pushed): Promise<Sight> {
  const digests = new Set(images.flatMap(({ image }) => image.manifests.map(({ digest }) => digest)))
  const tags = await each(
    images.flatMap((push) => push.tags),
    async (tag) => [tag, await client.digestOf(tag)] as const,
  )
  const manifests = await each(
    [...digests],
    async (digest) => [digest, (await client.digestOf(digest)) === digest] as const,
  )
  return { tags: new Map(tags), manifests: new Map(manifests) }
}

/** What differs between two looks, one line each; `expected` names what may differ. */
export function changes(before: Sight, after: Sight): readonly string[] {
  const tags = [...before.tags].flatMap(([tag, digest]) =>
    after.tags.get(tag) === digest ? [] : [`${tag} ${after.tags.get(tag) ? 'moved' : 'is gone'}`],
  )
  const manifests = [...before.manifests].flatMap(([digest, isThere]) =>
    after.manifests.get(digest) === isThere
      ? []
      : [`${digest.slice(0, 19)} ${isThere ? 'is gone' : 'came back'}`],
  )
  return [...tags, ...manifests]
}

/**
 * What kept tags lost: the tag itself, a manifest below or beside it, or a blob. Only what was there before
 * counts.
 */
export async function losses(
  client: PlainClient,
  fixture: Fixture,
  pushed: Pushed,
  [before, after]: readonly [Sight, Sight],
): Promise<readonly string[]> {
  const kept = pushed.images.filter(
    ({ tags }) => tags.length === 0 || tags.some((tag) => fixture.keeps.includes(tag)),
  )
  const untagged = pushed.images.filter(({ tags }) => tags.length === 0)
  const lost = new Set<string>()
  for (const tag of fixture.keeps) {
    if (before.tags.has(tag) && after.tags.get(tag) !== before.tags.get(tag)) lost.add(tag)
  }
  for (const { image, tags } of kept) {
    // an SBOM of a doomed image has no tag either, and goes with its subject
    if (untagged.some((push) => push.image === image) && image.descriptor.artifactType !== undefined) continue
    const name = tags[0] ?? 'the untagged image'
    if (image.manifests.some(({ digest }) => before.manifests.get(digest) && !after.manifests.get(digest))) {
      lost.add(`a manifest of ${name}`)
    }
    if (!(await hasBlobs(client, image, before))) lost.add(`a blob of ${name}`)
  }
  return [...lost]
}

async function hasBlobs(client: PlainClient, image: BuiltImage, before: Sight): Promise<boolean> {
  if (!before.manifests.get(image.manifest.digest)) return true
  const found = await each(image.blobs, async ({ digest }) => await client.hasBlob(digest))
  return found.every((isThere) => isThere)
}

/** Asks for each thing, a few at a time: the examination is not a load test. */
async function each<In, Out>(things: readonly In[], ask: (thing: In) => Promise<Out>): Promise<Out[]> {
  return await pMap(things, ask, { concurrency: 4 })
}

/** Deletes everything that was pushed, as far as the registry lets it; the tags that are left. */
export async function cleanUp(
  client: PlainClient,
  images: readonly BuiltImage[],
): Promise<readonly string[]> {
  // parents before children; where a registry wants another order, a later round finds it
  const digests = [
    ...new Set(images.flatMap(({ manifests }) => manifests.map(({ digest }) => digest)).reverse()),
  ]
  let left: readonly string[] = []
  for (let round = 0; round < 4; round++) {
    const answers: number[] = []
    for (const digest of digests) answers.push((await client.ask('DELETE', `manifests/${digest}`)).status)
    for (const tag of await client.tags()) {
      answers.push((await client.ask('DELETE', `manifests/${encodeURIComponent(tag)}`)).status)
    }
    left = await client.tags()
    const isInUse = answers.some((status) => status === 400 || status === 403 || status === 409)
    if (!isInUse && left.length === 0) break
    // nothing that a further round could change
    if (!answers.some((status) => status < 300)) break
  }
  return left
}
