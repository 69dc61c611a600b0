import { createDetailReader } from '../../src/usecases/size/image-details.ts'
import { readImageTree } from '../../src/usecases/size/image-tree.ts'
import { formatPlatform } from '../../src/domain/names/platform.ts'
import { sumBytes } from '../../src/domain/quantities/bytes.ts'
import { measureImage } from '../../src/domain/size/measure.ts'
import type { MeasuredImage } from '../../src/domain/size/report.ts'
import type { LocalImage } from '../../src/images/open.ts'
import type { BuiltImage } from '../support/images.ts'

/** An image on this machine, measured as `mode: size` does. */
export async function measure(reader: LocalImage): Promise<MeasuredImage> {
  const tree = await readImageTree(reader, reader.top, 'all')
  if (tree.missing.length > 0) throw new Error(tree.missing.join('\n'))
  const readDetails = createDetailReader({ platforms: 'all', everyConfig: true, platformsMatter: true })
  const target = {
    name: 'image',
    repository: null,
    tag: reader.tag,
    manifest: reader.top,
    reader,
    listed: false,
  }
  return measureImage(await readDetails({ target, tree }))
}

/** The numbers of a measurement that a built image promises. */
export function numbersOf(image: MeasuredImage) {
  return {
    size: image.size,
    totalSize: sumBytes(image.platforms.map(({ size }) => size)),
    uniqueSize: image.uniqueSize,
    digest: image.digest,
    platforms: image.platforms.map(({ platform, digest, size, foreignSize, layers }) => ({
      platform: platform && formatPlatform(platform),
      digest,
      size,
      foreignSize,
      layers: layers.length,
    })),
  }
}

/** What `numbersOf` must be when the image is measured as in a registry. */
export function expectedNumbers(image: BuiltImage) {
  return {
    size: image.size,
    totalSize: image.totalSize,
    uniqueSize: image.uniqueSize,
    digest: image.manifest.digest,
    platforms: image.platforms.map(({ platform, digest, size, foreignSize, layers }) => ({
      platform,
      digest,
      size,
      foreignSize,
      layers,
    })),
  }
}
