import { isDigest } from '../names/digest.ts'
import type { Digest } from '../names/digest.ts'
import { parseReference } from '../names/reference.ts'
import type { Reference, Repository } from '../names/reference.ts'
import { DOCKER_HUB } from '../names/registry.ts'
import { isTag } from '../names/tag.ts'
import type { Tag } from '../names/tag.ts'
import { WardenError } from '../errors.ts'

/** What a deployment file needs of a repository. */
export interface ImageReferences {
  readonly tags: ReadonlySet<Tag>
  readonly digests: ReadonlySet<Digest>
  /** words that stand where such files keep tags apart from repositories; protected if they turn out to be tags */
  readonly likelyTags: ReadonlySet<Tag>
}

/** Whatever a reference may consist of, an IPv6 host too; other brackets, quotes and `$` end it, so that `api:${TAG}` reads as `api:`. */
const WORD = /(?:\[[A-Fa-f0-9:]{2,45}\]|[A-Za-z0-9])[A-Za-z0-9._:/@+-]{0,511}/g
/** `tag: "1.2"`, `newTag: 1.2`, `appVersion: 1.2`, `ARG API_TAG=1.2`, `--set image.tag=1.2`, `digest: sha256:…`. */
const VALUE = /(?:tag|version|digest)["']?[ \t]{0,8}[:=][ \t]{0,8}["']?([A-Za-z0-9_][A-Za-z0-9._:-]{0,200})/gi
/** The default in `api:${TAG:-1.2}`, as Compose and Dockerfiles have it. */
const DEFAULT = /:?-([A-Za-z0-9_][A-Za-z0-9._-]{0,127})\}/g
const DIGEST = /\bsha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})\b/g

/**
 * Finds what Kubernetes, Compose, Helm and Dockerfile text needs of a repository, by words rather than by syntax: a file that no
 * parser of ours understands protects all the same, and too much protection costs less than too little. Null: the text does
 * not name the repository.
 */
export function findImageReferences(text: string, repository: Repository): ImageReferences | null {
  const references = referencesTo(text, repository)
  if (references.length === 0 && !namesInParts(text, repository)) return null
  const tags = new Set(references.map(({ tag }) => tag).filter((tag) => tag !== null))
  const digests = new Set(references.map(({ digest }) => digest).filter((digest) => digest !== null))
  const likelyTags = new Set<Tag>()
  // where every reference is complete, other words of the file mean other things
  if (references.length > 0 && references.every(({ tag, digest }) => tag !== null || digest !== null)) {
    return { tags, digests, likelyTags }
  }
  for (const [digest] of text.matchAll(DIGEST)) if (isDigest(digest)) digests.add(digest)
  for (const [, word = ''] of [...text.matchAll(VALUE), ...text.matchAll(DEFAULT), ['', 'latest']]) {
    if (isTag(word)) likelyTags.add(word)
  }
  return { tags, digests, likelyTags }
}

function referencesTo(text: string, { registry, path }: Repository): Reference[] {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const found: Reference[] = []
  for (const [word] of text.matchAll(WORD)) {
    if (!word.includes(name)) continue
    const reference = readReference(word.replace(/[:.@/+-]+$/, ''))
    if (reference === null) continue
    const { repository } = reference
    // plain HTTP or TLS: files do not say, and it is the same image
    if (repository.path === path && repository.registry.host === registry.host) found.push(reference)
  }
  return found
}

function readReference(word: string): Reference | null {
  try {
    return parseReference(word, DOCKER_HUB)
  } catch (error) {
    if (error instanceof WardenError) return null
    throw error
  }
}

/** Helm charts like to keep `registry: ghcr.io` and `repository: acme/api` on two lines. */
function namesInParts(text: string, { registry, path }: Repository): boolean {
  const words = new Set([...text.matchAll(WORD)].map(([word]) => word.replace(/[:.@/+-]+$/, '')))
  return words.has(path) && words.has(registry.host)
}
