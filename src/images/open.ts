import { access } from 'node:fs/promises'
import { WardenError } from '../domain/errors.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatImageSource, readingsOf } from '../domain/names/image-source.ts'
import type { ImageSource, ImageSourceReading } from '../domain/names/image-source.ts'
import { openArchive } from './archive.ts'
import type { ArchiveOptions } from './archive.ts'
import { openDockerImage } from './docker-archive.ts'
import { openFolder } from './folder.ts'
import type { LocalImage } from './local-image.ts'
import { openOciImage } from './oci-image.ts'

export type { LocalImage } from './local-image.ts'

interface OpenOptions extends ArchiveOptions {
  /** chooses where no name does */
  readonly digest?: Digest | null | undefined
}

/** An image and the folder or file that it was found in. */
export interface OpenedImage extends LocalImage {
  readonly path: string
}

/**
 * Opens an image that was never pushed. Its name stands before what went wrong.
 * @throws WardenError `not-found` when there is no such file, folder or tag, `input` when several images are
 * there
 */
export async function openLocalImage(
  source: ImageSource,
  options: ArchiveOptions = {},
): Promise<OpenedImage> {
  const reading = await chooseReading(source)
  const image = await named(source, () => openByFormat(source, reading, options))
  return {
    ...image,
    path: reading.path,
    manifest: (name) => named(source, () => image.manifest(name)),
    config: (descriptor) => named(source, () => image.config(descriptor)),
    blobSize: (digest) => named(source, () => image.blobSize(digest)),
  }
}

/** The first whose path exists; none does: as it was written, and opening it says so. */
async function chooseReading(source: ImageSource): Promise<ImageSourceReading> {
  const [written, ...others] = readingsOf(source)
  if (written === undefined) throw new Error('a source has a reading')
  for (const reading of [written, ...others]) {
    const isThere = await access(reading.path).then(
      () => true,
      () => false,
    )
    if (isThere) return reading
  }
  return written
}

async function named<T>(source: ImageSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    const { kind, message, advice } = error
    throw new WardenError(kind, `${formatImageSource(source)}: ${message}`, { advice, cause: error })
  }
}

/** An OCI layout in a folder; `name` is a tag or the whole name of an image, null the only one. */
export async function openOciLayout(
  folder: string,
  name: string | null,
  { digest = null }: Pick<OpenOptions, 'digest'> = {},
): Promise<LocalImage> {
  return openOciImage(await openFolder(folder), { name, digest, store: `oci-layout://${folder}` })
}

/** An OCI layout in an archive, which may be compressed as a whole. */
export async function openOciArchive(
  file: string,
  name: string | null,
  { digest = null, ...options }: OpenOptions = {},
): Promise<LocalImage> {
  const archive = await openArchive(file, options)
  if ((await archive.size('oci-layout')) === null && (await archive.size('manifest.json')) !== null) {
    throw new WardenError('protocol', 'there is no oci-layout', {
      advice: 'It is an archive of docker save: write docker-archive://',
    })
  }
  return openOciImage(archive, { name, digest, store: `oci-archive://${file}` })
}

/** What `docker save` wrote; it may be compressed as a whole. */
export async function openDockerArchive(file: string, options: ArchiveOptions = {}): Promise<LocalImage> {
  return openDockerImage(await openArchive(file, options))
}

async function openByFormat(
  { format, digest }: ImageSource,
  { path, name }: ImageSourceReading,
  options: ArchiveOptions,
): Promise<LocalImage> {
  if (format === 'oci-layout') return openOciLayout(path, name, { digest })
  if (format === 'oci-archive') return openOciArchive(path, name, { ...options, digest })
  return openDockerArchive(path, options)
}
