import type { BuiltBlob } from './blobs.ts'
import type { BuiltImage } from './images.ts'
import { plainRequest, type PlainRequest } from './plain-request.ts'

/** A repository to push to, as a URL origin and a path. */
export interface PushTarget {
  /** e.g. `http://127.0.0.1:5000` */
  readonly origin: string
  /** e.g. `acme/api` */
  readonly repository: string
  /** value of the Authorization header, if the registry asks for one */
  readonly authorization?: string | undefined
}

/**
 * Uploads the blobs and manifests of an image, children before parents, and names it by every tag given;
 * without a tag it can be reached by digest only.
 */
export async function push(target: PushTarget, image: BuiltImage, ...tags: readonly string[]): Promise<void> {
  for (const each of image.blobs) await pushBlob(target, each)
  for (const each of image.manifests) {
    const isRoot = each === image.manifests.at(-1)
    for (const reference of isRoot && tags.length > 0 ? tags : [each.digest]) {
      await pushManifest(target, each, reference)
    }
  }
}

export async function pushBlob(target: PushTarget, { digest, bytes }: BuiltBlob): Promise<void> {
  const known = await request(target, 'HEAD', `blobs/${digest}`)
  if (known.status === 200) return
  const opened = await request(target, 'POST', 'blobs/uploads/')
  await expectStatus(202, opened, `an upload of ${digest}`)
  const location = new URL(opened.headers.get('location') ?? '', target.origin)
  location.searchParams.set('digest', digest)
  const stored = await plainRequest(location, {
    method: 'PUT',
    headers: { ...authorization(target), 'content-type': 'application/octet-stream' },
    body: bytes,
  })
  await expectStatus(201, stored, digest)
}

/** PUTs a manifest by tag or digest. */
export async function pushManifest(
  target: PushTarget,
  manifest: BuiltBlob,
  reference: string,
): Promise<void> {
  const stored = await request(target, 'PUT', `manifests/${reference}`, {
    headers: { 'content-type': manifest.mediaType },
    body: manifest.bytes,
  })
  await expectStatus(201, stored, reference)
}

/** One plain request below `/v2/<repository>/`, for tests that look at a registry with their own eyes. */
export async function request(
  target: PushTarget,
  method: string,
  path: string,
  init: Omit<PlainRequest, 'method'> = {},
): Promise<Response> {
  const url = `${target.origin}/v2/${target.repository}/${path}`
  return await plainRequest(url, { method, ...init, headers: { ...authorization(target), ...init.headers } })
}

/** Value of an Authorization header for a user and a password. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function authorization(target: PushTarget): Record<string, string> {
  return target.authorization === undefined ? {} : { authorization: target.authorization }
}

async function expectStatus(status: number, response: Response, what: string): Promise<void> {
  if (response.status === status) return
  const body = await response.text()
  throw new Error(`${what}: ${response.status} instead of ${status}: ${body.slice(0, 400)}`)
}
