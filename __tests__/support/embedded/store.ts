import { z } from 'zod'
import type { BuiltImage } from '../images.ts'

export interface StoredManifest {
  readonly digest: string
  readonly mediaType: string
  readonly bytes: Buffer
  /** milliseconds since 1970 */
  readonly pushedAt: number
}

/**
 * One repository in memory. Nothing checks that what a manifest names exists: tests also need broken ones.
 */
export interface StoredRepository {
  readonly manifests: Map<string, StoredManifest>
  /** tag to digest, in the order the tags were first pushed */
  readonly tags: Map<string, string>
  readonly blobs: Map<string, Buffer>
  /** when each name, tag or digest, was last pushed: milliseconds since 1970 */
  readonly names: Map<string, number>
  /** manifests that answer by tag only, where a registry copies a manifest for each name */
  readonly copies: Map<string, StoredManifest>
}

/** The registry's content by repository path. */
export type Store = Map<string, StoredRepository>

/** The repository, made when it is new; `sharesManifests` gives every repository the same manifests. */
export function repositoryOf(store: Store, path: string, sharesManifests = false): StoredRepository {
  const known = store.get(path)
  if (known) return known
  const [other] = sharesManifests ? store.values() : []
  const created = {
    manifests: other?.manifests ?? new Map(),
    tags: new Map(),
    blobs: new Map(),
    names: new Map(),
    copies: new Map(),
  }
  store.set(path, created)
  return created
}

/** Puts an image into a repository without any request. */
export function seedImage(
  repository: StoredRepository,
  image: BuiltImage,
  tags: readonly string[],
  pushedAt: number,
): void {
  for (const each of image.blobs) repository.blobs.set(each.digest, each.bytes)
  for (const each of image.manifests) {
    storeManifest(repository, each, pushedAt)
    const byTag = each === image.manifest && tags.length > 0
    if (!byTag) repository.names.set(each.digest, pushedAt)
  }
  for (const tag of tags) nameManifest(repository, tag, image.manifest.digest, pushedAt)
}

/** Gives a manifest a name: a tag, or its own digest. */
export function nameManifest(
  repository: StoredRepository,
  reference: string,
  digest: string,
  pushedAt: number,
): void {
  repository.names.set(reference, pushedAt)
  if (!reference.includes(':')) repository.tags.set(reference, digest)
}

/** A manifest that is already there keeps the time of its first push. */
export function storeManifest(
  repository: StoredRepository,
  { digest, mediaType, bytes }: Omit<StoredManifest, 'pushedAt'>,
  pushedAt: number,
): void {
  if (!repository.manifests.has(digest))
    repository.manifests.set(digest, { digest, mediaType, bytes, pushedAt })
}

/** Removes a manifest and every name it has, as a DELETE by digest does. */
export function removeManifest(repository: StoredRepository, digest: string): void {
  repository.manifests.delete(digest)
  repository.names.delete(digest)
  for (const tag of tagsOf(repository, digest)) removeTag(repository, tag)
}

export function removeTag(repository: StoredRepository, tag: string): void {
  repository.tags.delete(tag)
  repository.names.delete(tag)
}

export function tagsOf(repository: StoredRepository, digest: string): readonly string[] {
  return [...repository.tags].filter(([, named]) => named === digest).map(([tag]) => tag)
}

const Descriptor = z.looseObject({
  digest: z.string(),
  mediaType: z.string().optional(),
  urls: z.array(z.string()).optional(),
})
const Links = z.object({
  manifests: z.array(Descriptor).optional(),
  subject: z.object({ digest: z.string() }).optional(),
  artifactType: z.string().optional(),
  config: Descriptor.optional(),
  layers: z.array(Descriptor).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})

/** What a stored manifest says about others; broken JSON says nothing. */
export function links(manifest: Pick<StoredManifest, 'bytes'>): z.infer<typeof Links> {
  try {
    return Links.parse(JSON.parse(manifest.bytes.toString()))
  } catch {
    return {}
  }
}

/** The indexes that list a manifest. */
export function parentsOf(repository: StoredRepository, digest: string): readonly StoredManifest[] {
  return [...repository.manifests.values()].filter((each) =>
    links(each).manifests?.some((child) => child.digest === digest),
  )
}

/** Descriptors of the manifests whose subject is `digest`, as the referrers API lists them. */
export function referrersOf(repository: StoredRepository, digest: string): readonly object[] {
  return [...repository.manifests.values()].flatMap((each) => {
    const { subject, artifactType, config, annotations } = links(each)
    if (subject?.digest !== digest) return []
    const type = artifactType ?? config?.mediaType
    return [
      {
        mediaType: each.mediaType,
        digest: each.digest,
        size: each.bytes.length,
        ...(type && { artifactType: type }),
        ...(annotations && { annotations }),
      },
    ]
  })
}

export function subjectOf(manifest: StoredManifest): string | null {
  return links(manifest).subject?.digest ?? null
}
