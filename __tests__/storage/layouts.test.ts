import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { parseDigest } from '../../src/domain/names/digest.ts'
import { parseReference, parseRegistry } from '../../src/domain/names/reference.ts'
import { parseTag } from '../../src/domain/names/tag.ts'
import { parseDuration } from '../../src/domain/quantities/duration.ts'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import type { GarbageCollection } from '../../src/domain/storage/garbage.ts'
import { createCollectGarbage } from '../../src/storage/collect.ts'
import { openNodeFiles } from '../../src/storage/node-files.ts'
import { createStorageSource } from '../../src/storage/source.ts'
import { blob, layer } from '../support/blobs.ts'
import { image, index } from '../support/images.ts'
import { blobPath, repositoryPath, writeStorageFolder, writeStray } from '../support/storage-layout.ts'
import { filesIn } from './stage.ts'

const silent = () => undefined
const LOG = { debug: silent, info: silent, notice: silent, warning: silent }
const OLD = new Date(Date.now() - 3 * 86_400_000)
const base = layer('base', 3_000)
const app = (seed: string) => image([base, layer(seed, 500)])

/** What 2.8.2 and 3.1.2 were seen to write, without either of them. */
describe('a storage folder of distribution 2.x or 3.x', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storage-'))
    return () => rm(folder, { recursive: true, force: true })
  })

  async function write(path: string, text: string | Uint8Array, at = OLD): Promise<void> {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
    await utimes(join(folder, path), at, at)
  }

  async function sweep(): Promise<GarbageCollection> {
    const files = await openNodeFiles(folder)
    const collect = createCollectGarbage({
      files,
      now: () => asTimestamp(Date.now()),
      timeIsUp: () => false,
    })
    return collect({ dryRun: false, grace: parseDuration('1h', 'untagged-grace') })
  }

  async function open(path: string) {
    const { repository } = parseReference(path, parseRegistry(`file://${folder}`))
    return createStorageSource(await openNodeFiles(folder), LOG).target(repository, { mayWrite: true })
  }

  /**
   * Blobs that were pushed by their sha512 are stored by their sha256; a link of the former names the latter.
   */
  describe('with blobs that were pushed by another digest', () => {
    const config = blob(
      Buffer.from('{"os":"linux","architecture":"amd64","created":"2026-01-02T03:04:05Z"}'),
      'application/vnd.oci.image.config.v1+json',
    )
    const data = layer('by sha512', 700)
    const sha512 = (bytes: Buffer) =>
      parseDigest(`sha512:${createHash('sha512').update(bytes).digest('hex')}`)
    const manifest = blob(
      Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          config: { mediaType: config.mediaType, digest: sha512(config.bytes), size: config.bytes.length },
          layers: [
            {
              mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
              digest: sha512(data.bytes),
              size: data.bytes.length,
            },
          ],
        }),
      ),
      'application/vnd.oci.image.manifest.v1+json',
    )
    const home = repositoryPath('team/app')
    const aliasLink = (bytes: Buffer) => `${home}/_layers/${sha512(bytes).replace(':', '/')}/link`

    beforeEach(async () => {
      const stored = { ...app('other'), manifests: [manifest], manifest, blobs: [config, data] }
      await writeStorageFolder(folder, [{ repository: 'team/app', tags: ['v1'], image: stored }], OLD)
      for (const { bytes, digest } of [config, data]) await write(aliasLink(bytes), digest)
    })

    it('keeps them, which the registry’s own garbage collection does not', async () => {
      await writeStray(folder, layer('stray', 600), OLD)
      const before = await filesIn(folder)
      expect(await sweep()).toMatchObject({ state: 'swept', blobs: 1, bytes: 600, damage: [] })
      expect(await filesIn(folder)).toEqual(
        before.filter((path) => path !== blobPath(layer('stray', 600).digest)),
      )
    })

    it('reads them', async () => {
      const { reader } = await open('team/app')
      const { manifest: read } = await reader.manifest(parseTag('v1', 'tag'))
      if (read.kind !== 'image' || read.config === null) throw new Error('it is an image with a config')
      expect(await reader.config(read.config)).toMatchObject({ platform: { os: 'linux' } })
      expect(await reader.hasBlob(sha512(data.bytes))).toBe(true)
      expect(await reader.blobSize(sha512(data.bytes))).toBe(700)
      expect(await reader.hasBlob(sha512(Buffer.from('nothing')))).toBe(false)
    })

    it('sweeps them with the links of both digests once nothing needs them', async () => {
      const { vendor } = await open('team/app')
      await vendor.deleteManifest(manifest.digest)
      const bytes = [manifest, config, data].reduce((sum, each) => sum + each.bytes.length, 0)
      expect(await sweep()).toMatchObject({ state: 'swept', blobs: 3, bytes })
      expect(await filesIn(folder)).toEqual([])
    })

    it('sweeps nothing while such a link cannot be read', async () => {
      await write(aliasLink(data.bytes), '')
      expect(await sweep()).toMatchObject({
        state: 'refused',
        why: expect.stringMatching(/what is needed cannot be told: .*_layers\/sha512\/.* is empty/),
      })
    })
  })

  it('loses links of a repository that needs them no more, though another one keeps the blobs', async () => {
    const both = index([app('one')])
    await writeStorageFolder(
      folder,
      [
        { repository: 'team/app', tags: ['v1'], image: both },
        { repository: 'team/app', tags: ['v2'], image: app('two') },
        { repository: 'other', tags: ['v1'], image: both },
      ],
      OLD,
    )
    const { vendor } = await open('team/app')
    for (const { digest } of both.manifests.toReversed()) await vendor.deleteManifest(digest)
    const link = ({ digest }: { readonly digest: string }) =>
      `${repositoryPath('team/app')}/_layers/${digest.replace(':', '/')}/link`
    const [young, ...old] = both.blobs.filter(({ digest }) => digest !== base.digest)
    // a push that finds a blob there touches its link only
    await write(link(young!), young!.digest, new Date())
    const before = await filesIn(folder)
    expect(await sweep()).toMatchObject({ state: 'swept', blobs: 0, bytes: 0 })
    expect(await filesIn(folder)).toEqual(before.filter((path) => !old.map(link).includes(path)))
  })

  it('keeps an image that was deleted and is pushed again before the sweep', async () => {
    const [kept, promoted] = [app('kept'), app('promoted')]
    const store = (tag: string, each: typeof kept) =>
      writeStorageFolder(folder, [{ repository: 'team/app', tags: [tag], image: each }], OLD)
    await store('v1', kept)
    await store('pr-1', promoted)
    const { vendor } = await open('team/app')
    await vendor.deleteManifest(promoted.manifest.digest)
    // its blobs are there, so that a push writes links only
    await store('prod', promoted)
    const before = await filesIn(folder)
    expect(await sweep()).toMatchObject({ state: 'swept', blobs: 0 })
    expect(await filesIn(folder)).toEqual(before)
  })

  it('puts no manifest back whose blobs were swept, and writes nothing of it', async () => {
    const [one, two] = [app('one'), app('two')]
    const stored = [one, two].map((each, at) => ({ repository: 'team/app', tags: [`v${at}`], image: each }))
    await writeStorageFolder(folder, stored, OLD)
    const { vendor } = await open('team/app')
    await vendor.deleteManifest(one.manifest.digest)
    expect(await sweep()).toMatchObject({ state: 'swept', blobs: 3 })
    const before = await filesIn(folder)
    await expect(vendor.putManifest(parseTag('v0', 'tag'), one.manifest)).rejects.toThrow(
      /needs what is not there: sha256:/,
    )
    expect(await filesIn(folder)).toEqual(before)
  })

  it('reads each tag a few times, however many manifests go', async () => {
    const stored = Array.from({ length: 20 }, (_, number) => ({
      repository: 'team/app',
      tags: [`v${number}`],
      image: index([app(`${number}`), app(`${number} too`)]),
    }))
    await writeStorageFolder(folder, stored, OLD)
    const files = await openNodeFiles(folder)
    let reads = 0
    const read: typeof files.read = (path, most) => {
      reads += 1
      return files.read(path, most)
    }
    const { repository } = parseReference('team/app', parseRegistry(`file://${folder}`))
    const source = createStorageSource({ ...files, read }, LOG)
    const { vendor, reader } = await source.target(repository, { mayWrite: true })
    for (const each of stored)
      for (const { digest } of each.image.manifests.toReversed()) await vendor.deleteManifest(digest)
    expect(await reader.tags()).toEqual([])
    // 60 manifests; with all tags for each of them it would be more than a thousand
    expect(reads).toBeLessThan(200)
  })

  it('names a first push that did not finish, and sweeps what it left', async () => {
    await writeStorageFolder(folder, [{ repository: 'team/app', tags: ['v1'], image: app('one') }], OLD)
    await rm(join(folder, repositoryPath('team/app'), '_manifests'), { recursive: true })
    expect(await sweep()).toMatchObject({
      state: 'swept',
      damage: [
        { path: repositoryPath('team/app'), what: expect.stringContaining('its first push did not finish') },
      ],
    })
  })

  it('waits for an upload by the time at which it began, whatever its files say', async () => {
    await writeStorageFolder(folder, [{ repository: 'team/app', tags: ['v1'], image: app('one') }], OLD)
    const upload = `${repositoryPath('team/app')}/_uploads/01a2231b-521d-77f9-bd9b-0cac09e17041`
    const written = async (startedAt: Date) => {
      await write(`${upload}/startedat`, `${startedAt.toISOString().slice(0, 19)}Z`)
      await write(`${upload}/data`, 'half')
      await write(`${upload}/hashstates/sha256/0`, 'state')
      for (const path of ['hashstates/sha256', 'hashstates', ''])
        await utimes(join(folder, upload, path), OLD, OLD)
    }
    await written(new Date())
    expect(await sweep()).toMatchObject({
      state: 'refused',
      why: expect.stringContaining('1 upload younger'),
    })
    await written(OLD)
    expect(await sweep()).toMatchObject({
      state: 'swept',
      damage: [{ path: upload, what: 'is an upload that was not finished' }],
    })
  })
})
