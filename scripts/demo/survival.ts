import { sha256 } from '../../__tests__/support/blobs.ts'
import { request, type PushTarget } from '../../__tests__/support/push.ts'
import { isImageTag, type ShopImage } from './shop-images.ts'

/** Asks a registry, by plain requests, for everything that was to stay; says what it found, or throws. */
export async function expectWhole(target: PushTarget, shop: readonly ShopImage[]): Promise<string> {
  const staying = shop.filter(({ stays }) => stays)
  const tags = staying.flatMap(({ kept, image }) => kept.map((tag) => [tag, image.manifest.digest] as const))
  for (const [tag, digest] of tags) {
    const answer = await request(target, 'HEAD', `manifests/${tag}`)
    const found = answer.headers.get('docker-content-digest')
    if (found !== digest) throw new Error(`${tag} names ${found ?? answer.status} instead of ${digest}`)
  }
  const manifests = digestsOf(shop, 'manifests', true)
  for (const digest of manifests) {
    const answer = await request(target, 'GET', `manifests/${digest}`)
    const bytes = Buffer.from(await answer.arrayBuffer())
    if (sha256(bytes) !== digest) throw new Error(`the manifest ${digest} is lost: ${answer.status}`)
  }
  const blobs = digestsOf(shop, 'blobs', true)
  for (const digest of blobs) {
    const { status } = await request(target, 'HEAD', `blobs/${digest}`)
    if (status !== 200) throw new Error(`the blob ${digest} is lost: ${status}`)
  }
  return (
    `Asked by plain requests: ${counted(tags.map(([tag]) => tag))} name what they named before, and all ` +
    `${manifests.size} manifests and ${blobs.size} blobs of theirs are there.`
  )
}

/** Asks for everything that was pushed, whatever became of it meanwhile. */
export async function expectRestored(target: PushTarget, shop: readonly ShopImage[]): Promise<string> {
  await expectWhole(target, shop)
  const tags = shop.flatMap(({ gone, image }) => gone.map((tag) => [tag, image.manifest.digest] as const))
  for (const [tag, digest] of tags) {
    const answer = await request(target, 'GET', `manifests/${tag}`)
    const found = sha256(Buffer.from(await answer.arrayBuffer()))
    if (found !== digest) throw new Error(`${tag} names ${found} instead of ${digest}`)
  }
  const manifests = new Set(shop.flatMap(({ image }) => image.manifests.map(({ digest }) => digest)))
  for (const digest of manifests) {
    const answer = await request(target, 'GET', `manifests/${digest}`)
    if (sha256(Buffer.from(await answer.arrayBuffer())) !== digest)
      throw new Error(`the manifest ${digest} is not back: ${answer.status}`)
  }
  return (
    `Asked by plain requests: ${counted(tags.map(([tag]) => tag))} are back, and all ${manifests.size} ` +
    'manifests are there, byte for byte.'
  )
}

/** Asks for everything that was to go. */
export async function expectGone(target: PushTarget, shop: readonly ShopImage[]): Promise<string> {
  const tags = shop.flatMap(({ gone }) => gone)
  const kept = digestsOf(shop, 'manifests', true)
  const manifests = [...digestsOf(shop, 'manifests', false)].filter((digest) => !kept.has(digest))
  for (const reference of [...tags, ...manifests]) {
    const { status } = await request(target, 'HEAD', `manifests/${reference}`)
    if (status !== 404) throw new Error(`${reference} is still there: ${status}`)
  }
  return `${counted(tags)} are gone, and ${manifests.length} manifests with them.`
}

/** How many tags, and how many of them belong to a signature. */
function counted(tags: readonly string[]): string {
  const images = tags.filter(isImageTag).length
  return `${images} tags and ${tags.length - images} of a signature`
}

function digestsOf(
  shop: readonly ShopImage[],
  part: 'manifests' | 'blobs',
  wanted: boolean,
): ReadonlySet<string> {
  const found = shop.filter(({ stays }) => stays === wanted)
  return new Set(found.flatMap(({ image }) => image[part].map(({ digest }) => digest)))
}
