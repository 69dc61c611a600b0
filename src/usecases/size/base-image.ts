import { WardenError } from '../../domain/errors.ts'
import { annotatedBase, mayAsk, splitLayers } from '../../domain/growth/base.ts'
import type { BaseCandidate } from '../../domain/growth/base.ts'
import { nameOf } from '../../domain/growth/baseline.ts'
import { sameRepository } from '../../domain/names/reference.ts'
import type { Reference } from '../../domain/names/reference.ts'
import type { Digest } from '../../domain/names/digest.ts'
import { parseTag } from '../../domain/names/tag.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { ImageReader, OpenRepository } from '../../domain/ports.ts'
import { measureImage } from '../../domain/size/measure.ts'
import type { ReadPlatform } from '../../domain/size/measure.ts'
import type { MeasuredImage } from '../../domain/size/report.ts'
import type { PlatformSelection } from '../../domain/size/selection.ts'
import type { DetailedImage } from './image-details.ts'
import { readImageTree } from './image-tree.ts'

/** `base-image`: what the annotations of each image name, or one reference for all. */
export type BaseSource = 'auto' | Reference

/** Measures an image with its layers split into base and own; nothing is base where no base fits. */
export type MeasureSplit = (read: DetailedImage, side: 'image' | 'baseline') => Promise<MeasuredImage>

/** A base image as it was read, or why it could not be. */
type Candidates = readonly BaseCandidate[] | string

/**
 * Reads base images, each once, and only the platforms that are measured. What an image says itself must leave a
 * layer to judge: whoever builds it could name a copy of it.
 * @param notice is told about images that stand on no known base
 */
export function createBaseSplitter(
  source: BaseSource,
  platforms: PlatformSelection,
  open: OpenRepository,
  notice: (text: string) => void,
): MeasureSplit {
  const candidatesOf = createCandidateReader(open, platforms)
  return async (read, side) => {
    const image = measureImage(read)
    const split = image.platforms.map(async (platform, position) => {
      const bases = basesOf(source, side, read, read.platforms[position])
      const failures = bases.length === 0 ? ['no annotation or label names its base'] : []
      for (const base of bases) {
        const candidates = await candidatesOf(base, base === source ? undefined : hostOf(read.repository))
        if (typeof candidates === 'string') {
          failures.push(candidates)
          continue
        }
        const name = nameOf(base.repository, manifestsOf(base)[0])
        const result = splitLayers(platform, candidates)
        if (result.base === null) failures.push(`its layers do not begin with those of ${name}`)
        else if (result.base.digest === platform.digest) failures.push(`${name} is the image itself`)
        else if (base !== source && result.base.layers === platform.layers.length)
          failures.push(`${name}, which the image names itself, has all of its layers`)
        else return result
      }
      if (side === 'image') notice(`${read.name}: no layer counts as base: ${failures.join('; ')}`)
      return splitLayers(platform, [])
    })
    return { ...image, platforms: await Promise.all(split) }
  }
}

/**
 * The bases that may be the right one. A baseline may stand on an older build of the base that is named for
 * all.
 */
function basesOf(
  source: BaseSource,
  side: 'image' | 'baseline',
  read: DetailedImage,
  platform: ReadPlatform | undefined,
): Reference[] {
  const named = platform === undefined ? null : annotated(read, platform)
  if (source === 'auto') return named === null ? [] : [named]
  const older = side === 'baseline' && named !== null && sameRepository(named.repository, source.repository)
  return older ? [source, named] : [source]
}

function annotated(read: DetailedImage, { manifest, config }: ReadPlatform): Reference | null {
  const own = 'annotations' in manifest ? manifest.annotations : new Map<string, string>()
  const base = annotatedBase(own, config?.labels ?? new Map(), read.annotations)
  return base !== null && mayAsk(base, read.repository) ? base : null
}

/** Without port and path; empty outside a registry. */
function hostOf(repository: string | null): string {
  return /^(\[[^\]]*\]|[^/:]*)/.exec(repository ?? '')?.[0] ?? ''
}

/** By digest first: the tag may have moved since the image was built on it. */
function manifestsOf({ tag, digest }: Reference): [Tag | Digest, ...(Tag | Digest)[]] {
  if (digest === null) return [tag ?? parseTag('latest', 'base-image')]
  return tag === null ? [digest] : [digest, tag]
}

function createCandidateReader(open: OpenRepository, platforms: PlatformSelection) {
  const answers = new Map<string, Promise<Candidates>>()
  return async (base: Reference, namedBy: string | undefined): Promise<Candidates> => {
    const failures: string[] = []
    for (const manifest of manifestsOf(base)) {
      const name = nameOf(base.repository, manifest)
      const answer =
        answers.get(name) ?? readCandidates(name, open(base.repository, namedBy), manifest, platforms)
      answers.set(name, answer)
      const candidates = await answer
      if (typeof candidates !== 'string') return candidates
      failures.push(candidates)
    }
    return failures.join('; ')
  }
}

async function readCandidates(
  name: string,
  reader: ImageReader,
  manifest: Tag | Digest,
  platforms: PlatformSelection,
): Promise<Candidates> {
  try {
    const { leaves } = await readImageTree(reader, manifest, platforms)
    return leaves.map((leaf) => ({
      name,
      digest: leaf.digest,
      layers: leaf.manifest.layers.map((layer) => layer.digest),
    }))
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    return `the base image ${name} could not be read: ${error.line}`
  }
}
