import type { Digest } from '../domain/names/digest.ts'
import type { Tag } from '../domain/names/tag.ts'
import { makeFolders, parentOf, removeTree } from './files.ts'
import type { StorageFiles } from './files.ts'
import {
  removedFolder,
  removedRevision,
  removedTag,
  revisionFolder,
  revisionRemovedAs,
  revisionsFolder,
  tagFolder,
  tagLink,
  tagsFolder,
} from './layout.ts'
import { hasRevision, listTagNames, readLink } from './links.ts'

/*
 * What is removed is renamed into a folder of our own first: gone in one step, however many files it has.
 * What a killed run leaves there says what it was about, and the next one finishes it.
 */

/** Removes a tag, and leaves what it names. */
export async function removeTag(files: StorageFiles, path: string, tag: Tag): Promise<void> {
  await makeFolders(files, removedFolder(path))
  const removed = removedTag(path, tag)
  await removeTree(files, removed)
  await files.rename(tagFolder(path, tag), removed)
  await files.sync(tagsFolder(path))
  await files.sync(removedFolder(path))
  await removeTree(files, removed)
}

/**
 * Removes a manifest and then every tag that names it, in the order of the registry itself [distribution
 * registry/handlers/manifests.go, DeleteManifest]. Its blob stays until garbage is collected.
 * @param tags those that may name it
 */
export async function removeManifest(
  files: StorageFiles,
  path: string,
  digest: Digest,
  tags: Iterable<Tag>,
): Promise<void> {
  await makeFolders(files, removedFolder(path))
  const removed = removedRevision(path, digest)
  await removeTree(files, removed)
  await files.rename(revisionFolder(path, digest), removed)
  await files.sync(parentOf(revisionFolder(path, digest)))
  await files.sync(removedFolder(path))
  await finishRemoval(files, path, digest, tags)
}

async function finishRemoval(
  files: StorageFiles,
  path: string,
  digest: Digest,
  tags: Iterable<Tag>,
): Promise<void> {
  // pushed again since: then its tags name what is there
  if (!(await hasRevision(files, path, digest))) {
    for (const tag of tags) {
      const named = await readLink(files, tagLink(path, tag)).catch(() => null)
      if (named === digest) await removeTag(files, path, tag)
    }
  }
  await removeTree(files, removedRevision(path, digest))
}

/** Finishes what an earlier run began in a repository and could not end. */
export async function finishRemovals(files: StorageFiles, path: string): Promise<void> {
  const left = await files.list(removedFolder(path))
  if (left === null) return
  const tags = (await listTagNames(files, path))?.tags ?? []
  for (const { name } of left) {
    const digest = revisionRemovedAs(name)
    if (digest !== null) await finishRemoval(files, path, digest, tags)
  }
  await removeTree(files, removedFolder(path))
  await files.sync(parentOf(removedFolder(path)))
}

/** Leaves no trace of the removals that ended. */
export async function tidyUp(files: StorageFiles, path: string): Promise<void> {
  await files.removeFolder(removedFolder(path))
}

/** Whether the folder that revisions are in can be written to: null, or why not. */
export function obstacleToWriting(files: StorageFiles, path: string): Promise<string | null> {
  return files.obstacle(parentOf(revisionsFolder(path)))
}
