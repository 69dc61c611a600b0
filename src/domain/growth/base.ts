import { isDigest } from '../names/digest.ts'
import type { Digest } from '../names/digest.ts'
import { DOCKER_HUB, parseReference } from '../names/reference.ts'
import type { Reference } from '../names/reference.ts'
import { WardenError } from '../errors.ts'
import { asBytes, sumBytes } from '../quantities/bytes.ts'
import { distinctBlobs } from '../size/measure.ts'
import type { MeasuredPlatform } from '../size/report.ts'
import type { BaseImage } from './growth.ts'

/** One platform image of a base image, as far as it takes to recognise it. */
export interface BaseCandidate {
  readonly name: string
  readonly digest: Digest
  readonly layers: readonly Digest[]
}

const NAME = 'org.opencontainers.image.base.name'
const DIGEST = 'org.opencontainers.image.base.digest'

/**
 * The base image that annotations or labels name (image-spec annotations.md): the reference by its digest
 * where that is known. A name without a host is Docker Hub's, whatever `registry` says: the image was built
 * elsewhere.
 * @returns null when they name none. The name comes with the image, so it is nothing to trust.
 */
export function annotatedBase(...sources: readonly ReadonlyMap<string, string>[]): Reference | null {
  const source = sources.find((annotations) => annotations.has(NAME))
  const name = source?.get(NAME)?.trim() ?? ''
  const digest = source?.get(DIGEST)?.trim() ?? ''
  try {
    const reference = parseReference(name, DOCKER_HUB, 'base-image')
    return isDigest(digest) ? { ...reference, digest } : reference
  } catch (error) {
    if (error instanceof WardenError) return null
    throw error
  }
}

/**
 * Whether a base that an image names itself may be asked for. Whoever builds the image writes that name: it
 * must not lead requests to addresses inside the network of the runner, unless the image is from there.
 * @param repository of the image, as `formatRepository` writes it; null outside a registry
 */
export function mayAsk({ repository: { registry } }: Reference, repository: string | null): boolean {
  if (repository?.startsWith(`${registry.host}/`) === true) return true
  return registry.origin.startsWith('https://') && !/^(?:\[|\d+(?:\.\d+){3}(?::|$))/.test(registry.host)
}

/** Whether the image begins with every layer of the candidate. An image without layers is nobody's base. */
function standsOn(layers: readonly { readonly digest: Digest }[], base: BaseCandidate): boolean {
  if (base.layers.length === 0 || base.layers.length > layers.length) return false
  return base.layers.every((digest, position) => layers[position]?.digest === digest)
}

/** The layers of the candidate with the most layers that the image stands on are `base`, all others `own`. */
export function splitLayers(image: MeasuredPlatform, candidates: readonly BaseCandidate[]): MeasuredPlatform {
  const base = candidates
    .filter((candidate) => standsOn(image.layers, candidate))
    .toSorted((a, b) => b.layers.length - a.layers.length)
    .at(0)
  const count = base?.layers.length ?? 0
  // A layer that the base brought is not downloaded again where the image repeats it.
  const brought = new Set(base?.layers)
  const layers = image.layers.map((layer) => ({
    ...layer,
    from: brought.has(layer.digest) ? ('base' as const) : ('own' as const),
  }))
  if (base === undefined) return { ...image, layers }
  const size = sumBytes(distinctBlobs(layers.slice(0, count)).values())
  const found: BaseImage = { name: base.name, digest: base.digest, layers: count, size }
  return { ...image, layers, base: found, ownSize: asBytes(image.size - size) }
}

/** The platform image with its own layers as what is judged. */
export function judgeOwn(image: MeasuredPlatform): MeasuredPlatform {
  return { ...image, judgedSize: image.ownSize }
}
