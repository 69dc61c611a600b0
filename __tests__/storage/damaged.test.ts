import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rename, rm, symlink, truncate, unlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { parseDuration } from '../../src/domain/quantities/duration.ts'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import type { GarbageCollection } from '../../src/domain/storage/garbage.ts'
import { createCollectGarbage } from '../../src/storage/collect.ts'
import type { StorageFiles } from '../../src/storage/files.ts'
import { openNodeFiles } from '../../src/storage/node-files.ts'
import { layer } from '../support/blobs.ts'
import { image, index } from '../support/images.ts'
import { blobPath, repositoryPath, writeStorageFolder, writeStray } from '../support/storage-layout.ts'
import { filesIn } from './stage.ts'

const OLD = new Date(Date.now() - 3 * 86_400_000)
const base = layer('base', 3_000)
const app = (seed: string) => image([base, layer(seed, 500)])
const child = app('kept')
const kept = index([child])
const stray = layer('stray', 600)

const HOME = repositoryPath('team/app')
const revisionOf = (digest: string) => `${HOME}/_manifests/revisions/${digest.replace(':', '/')}`
const revision = revisionOf(kept.manifest.digest)
const currentLink = `${HOME}/_manifests/tags/v1/current/link`
const linked = (path: string) => async (folder: string) => {
  await rename(join(folder, path), join(folder, 'elsewhere'))
  await symlink(join(folder, 'elsewhere'), join(folder, path))
}
const pipe = (path: string) => async (folder: string) => {
  await rm(join(folder, path), { recursive: true })
  execFileSync('mkfifo', [join(folder, path)])
}
const put =
  (path: string, text: string | Buffer, at = OLD) =>
  async (folder: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
    await utimes(join(folder, path), at, at)
  }
const fileInsteadOf = (path: string) => async (folder: string) => {
  await rm(join(folder, path), { recursive: true })
  await put(path, '')(folder)
}

describe('a sweep of a folder in which something is wrong', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storage-'))
    await writeStorageFolder(
      folder,
      [
        { repository: 'team/app', tags: ['v1'], image: kept },
        { repository: 'other', tags: ['v1'], image: app('other') },
      ],
      OLD,
    )
    await writeStray(folder, stray, OLD)
    return () => rm(folder, { recursive: true, force: true })
  })

  async function sweep(files?: StorageFiles): Promise<GarbageCollection> {
    const collect = createCollectGarbage({
      files: files ?? (await openNodeFiles(folder)),
      now: () => asTimestamp(Date.now()),
      timeIsUp: () => false,
    })
    return collect({ dryRun: false, grace: parseDuration('1h', 'untagged-grace') })
  }

  it.each<[string, (folder: string) => Promise<unknown>, RegExp]>([
    ['a link to a blob', linked(blobPath(base.digest)), /data is a link, a pipe or a device/],
    ['a link to a folder of blobs', linked('docker/registry/v2/blobs/sha256'), /sha256 is a link/],
    ['a link to all blobs', linked('docker/registry/v2/blobs'), /blobs is a symbolic link/],
    ['a link to all repositories', linked('docker/registry/v2/repositories'), /repositories is a symbolic/],
    ['a link to a repository', linked(HOME), /team\/app is a link/],
    ['a link to its manifests', linked(`${HOME}/_manifests`), /_manifests is a link/],
    ['a link to revisions', linked(`${HOME}/_manifests/revisions/sha256`), /revisions\/sha256 is a link/],
    ['a link to one revision', linked(revisionOf(child.manifest.digest)), /is a link/],
    ['a link to a revision’s link', linked(`${revision}/link`), /link is a symbolic link/],
    ['a link to a tag', linked(`${HOME}/_manifests/tags/v1`), /tags\/v1 is a link/],
    ['a link to layers', linked(`${HOME}/_layers`), /_layers is a link/],
    ['a link to uploads', linked(`${HOME}/_uploads`), /_uploads is a link/],
    ['a pipe for a manifest', pipe(blobPath(kept.manifest.digest)), /data is a link, a pipe or a device/],
    ['a pipe for a revision’s link', pipe(`${revision}/link`), /is not a regular file/],
    ['a pipe for a tag’s link', pipe(currentLink), /is not a regular file/],
    ['_manifests as a file', fileInsteadOf(`${HOME}/_manifests`), /team\/app could not be read: .*ENOTDIR/],
    ['_layers as a file', fileInsteadOf(`${HOME}/_layers`), /team\/app could not be read: .*ENOTDIR/],
    ['revisions as a file', fileInsteadOf(`${HOME}/_manifests/revisions`), /could not be read: .*ENOTDIR/],
    ['a revision that names another', put(`${revision}/link`, child.manifest.digest), /link names sha256:/],
    ['a revision link of 5 kB', put(`${revision}/link`, 'x'.repeat(5_000)), /is larger than 1024 bytes/],
    ['a manifest without bytes', (root) => truncate(join(root, blobPath(kept.manifest.digest))), /content/],
    ['a manifest of other bytes', put(blobPath(child.manifest.digest), '{}'), /its content is not that of/],
    [
      'a manifest whose bytes are no manifest’s, named by an index alone',
      async (root) => {
        await rm(join(root, revisionOf(child.manifest.digest)), { recursive: true })
        await put(blobPath(child.manifest.digest), '{"x":1}')(root)
      },
      /its content is not that of/,
    ],
    ['an unknown folder beside the revisions', put(`${HOME}/_manifests/sub/x`, ''), /_manifests\/sub is not/],
    [
      '_manifests by another name',
      (root) => rename(join(root, `${HOME}/_manifests`), join(root, `${HOME}/_manifests.bak`)),
      /_manifests\.bak\/.*\/link is not the registry's/,
    ],
    ['a repository named as a part of one', put(`${repositoryPath('_layers')}/a/b`, ''), /_layers is not/],
    ['names of 300 parts', put(`${repositoryPath('a/'.repeat(300))}x`, ''), /a\/a is not the registry's/],
    [
      'another store in a repository',
      (root) =>
        writeStorageFolder(join(root, HOME, 'inner'), [
          { repository: 'x', tags: ['v1'], image: app('inner') },
        ]),
      /it is missing, and a repository holds it/,
    ],
    [
      'an upload that begins in the future',
      put(`${HOME}/_uploads/u/startedat`, '2999-01-01T00:00:00Z'),
      /1 upload younger than an hour/,
    ],
  ])('is refused where there is %s', async (_, harm, why) => {
    await harm(folder)
    const before = await filesIn(folder)
    const { state, ...told } = await sweep()
    expect({ state, blobs: told.blobs, bytes: told.bytes }).toEqual({ state: 'refused', blobs: 0, bytes: 0 })
    expect([told.why, ...told.damage.map(({ path, what }) => `${path} ${what}`)].join('\n')).toMatch(why)
    expect(await filesIn(folder)).toEqual(before)
  })

  it.each<[string, (folder: string) => Promise<unknown>]>([
    ['a line end after a revision’s digest', put(`${revision}/link`, `${kept.manifest.digest}\n`)],
    ['a line end after a tag’s digest', put(currentLink, `${kept.manifest.digest}\n`)],
    ['more than a digest in a tag', put(currentLink, `${kept.manifest.digest} x`)],
    ['a tag in upper case', put(currentLink, kept.manifest.digest.toUpperCase())],
    ['a tag of a sha512', put(currentLink, `sha512:${'a'.repeat(128)}`)],
    ['a tag whose manifest has no revision', (root) => unlink(join(root, revision, 'link'))],
    [
      'an image that an index alone names',
      (root) => rm(join(root, revisionOf(child.manifest.digest)), { recursive: true }),
    ],
    ['a repository that the registry could not serve', put(`${repositoryPath('_own/x')}/_layers/x`, '')],
    ['files of somebody else', put(`${HOME}/notes.txt`, 'x')],
    ['a file beside a blob', put(`${blobPath(base.digest)}.bak`, 'x')],
    ['other bytes in a layer', put(blobPath(base.digest), 'x')],
  ])('takes only what nothing needs where there is %s', async (_, harm) => {
    await harm(folder)
    const before = await filesIn(folder)
    expect(await sweep()).toMatchObject({ state: 'swept', blobs: 1, bytes: 600 })
    expect(await filesIn(folder)).toEqual(before.filter((path) => path !== blobPath(stray.digest)))
  })

  it('keeps everything that an unservable repository holds', async () => {
    await writeStorageFolder(folder, [{ repository: '_old/app', tags: ['v1'], image: app('hidden') }], OLD)
    const before = await filesIn(folder)
    expect(await sweep()).toMatchObject({ state: 'swept', blobs: 1 })
    expect(await filesIn(folder)).toEqual(before.filter((path) => path !== blobPath(stray.digest)))
  })

  it('leaves a blob from the future', async () => {
    await put(blobPath(stray.digest), stray.bytes, new Date(Date.now() + 86_400_000))(folder)
    expect(await sweep()).toMatchObject({ state: 'swept', blobs: 0, young: 1 })
  })

  it('counts what went once where two sweeps run at the same time', async () => {
    for (let number = 0; number < 50; number += 1) await writeStray(folder, layer(`${number}`, 100), OLD)
    const both = await Promise.all([sweep(), sweep()])
    expect(both.map(({ state }) => state)).toEqual(['swept', 'swept'])
    expect(both[0].blobs + both[1].blobs).toBe(51)
    expect(both[0].bytes + both[1].bytes).toBe(5_600)
  })

  it('ends when something is pushed while it sweeps', async () => {
    const strays = Array.from({ length: 130 }, (_, number) => layer(`stray ${number}`, 64 + number))
    for (const each of strays) await writeStray(folder, each, OLD)
    const files = await openNodeFiles(folder)
    let removed = 0
    const result = await sweep({
      ...files,
      removeFile: async (path) => {
        removed += 1
        if (removed === 100)
          await put(
            `${revisionOf(app('pushed').manifest.digest)}/link`,
            app('pushed').manifest.digest,
          )(folder)
        return files.removeFile(path)
      },
    })
    expect(result).toMatchObject({ state: 'failed', why: expect.stringMatching(/came while this ran/) })
    // those that were under way, and none after them
    expect(result.blobs).toBe(128)
  })
})
