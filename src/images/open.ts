import { WardenError } from '../domain/errors.ts'
import { formatImageSource } from '../domain/names/image-source.ts'
import type { ImageSource } from '../domain/names/image-source.ts'
import type { Tag } from '../domain/names/tag.ts'
import { openArchive } from './archive.ts'
import type { ArchiveOptions } from './archive.ts'
import { openDockerImage } from './docker-archive.ts'
import { openFolder } from './folder.ts'
import type { LocalImage } from './local-image.ts'
import { openOciImage } from './oci-image.ts'

export type { LocalImage } from './local-image.ts'

/**
 * Opens an image that was never pushed. Its name stands before what went wrong.
 * @throws WardenError `not-found` when there is no such file, folder or tag, `input` when several images are
 * there
 */
export async function openLocalImage(source: ImageSource, options: ArchiveOptions = {}): Promise<LocalImage> {
  const image = await named(source, () => openByFormat(source, options))
  return {
    ...image,
    manifest: (name) => named(source, () => image.manifest(name)),
    config: (descriptor) => named(source, () => image.config(descriptor)),
    blobSize: (digest) => named(source, () => image.blobSize(digest)),
  }
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

/** An OCI layout in a folder. */
export async function openOciLayout(folder: string, tag: Tag | null): Promise<LocalImage> {
  return openOciImage(await openFolder(folder), tag)
}

/** An OCI layout in an archive, which may be compressed as a whole. */
export async function openOciArchive(
  file: string,
  tag: Tag | null,
  options: ArchiveOptions = {},
): Promise<LocalImage> {
  const archive = await openArchive(file, options)
  if ((await archive.size('oci-layout')) === null && (await archive.size('manifest.json')) !== null) {
    throw new WardenError('protocol', 'there is no oci-layout', {
      advice: 'It is an archive of docker save: write docker-archive://',
    })
  }
  return openOciImage(archive, tag)
}

/** What `docker save` wrote; it may be compressed as a whole. */
export async function openDockerArchive(file: string, options: ArchiveOptions = {}): Promise<LocalImage> {
  return openDockerImage(await openArchive(file, options))
}

async function openByFormat(
  { format, path, tag }: ImageSource,
  options: ArchiveOptions,
): Promise<LocalImage> {
  if (format === 'oci-layout') return openOciLayout(path, tag)
  if (format === 'oci-archive') return openOciArchive(path, tag, options)
  return openDockerArchive(path, options)
}
