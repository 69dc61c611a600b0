import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createZstdCompress, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sha256 } from '../support/blobs.ts'
import { json } from '../support/images.ts'
import { blobPath, header, layoutFiles, tar, temporaryFolder } from './archives.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const MiB = 1024 ** 2
const GiB = 1024 ** 3
/** More than a garbage collector that is late leaves behind, and a fraction of each archive. */
const ALLOWED_MORE = 96 * MiB

/** Holds JavaScript, since only reading TypeScript takes Node 30 MB. */
let folder = ''

beforeAll(async () => {
  await mkdir(join(root, 'build'), { recursive: true })
  folder = await mkdtemp(join(root, 'build/memory-'))
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: { noEmit: false, outDir: '.', rootDir: '../..' },
    include: [],
    files: ['../../__tests__/images/measure-archive.ts'],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder])
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Measures an archive in a process of its own. */
async function measureApart(name: string): Promise<{ size: number; peak: number }> {
  const script = join(folder, '__tests__/images/measure-archive.js')
  const { stdout } = await run(process.execPath, [script, name])
  return JSON.parse(stdout)
}

/**
 * An OCI archive of an image with one layer of this size: what is before the bytes of the layer, and behind
 * them.
 */
function archiveAround(size: number): { before: Buffer; after: Buffer; total: number } {
  const digest = sha256(Buffer.from('a layer that nobody reads'))
  const config = json({ os: 'linux', architecture: 'amd64' })
  const configType = 'application/vnd.oci.image.config.v1+json'
  const manifest = json({
    schemaVersion: 2,
    config: { mediaType: configType, digest: sha256(config), size: config.length },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size }],
  })
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const listed = { mediaType, digest: sha256(manifest), size: manifest.length }
  return {
    before: header({ name: blobPath(digest), size }),
    after: tar({
      ...layoutFiles(),
      [blobPath(sha256(config))]: config,
      [blobPath(sha256(manifest))]: manifest,
      'index.json': json({ schemaVersion: 2, manifests: [listed] }),
    }),
    total: size + config.length,
  }
}

/** A file with a hole of zeros between its parts, which takes neither time nor space. */
async function sparseFile(before: Buffer, hole: number, after: Buffer): Promise<string> {
  const file = join(await temporaryFolder(), 'huge.tar')
  const handle = await open(file, 'w')
  await handle.write(before, 0, before.length, 0)
  await handle.write(after, 0, after.length, before.length + hole)
  await handle.close()
  return file
}

/** Measures the same archive small and large; Node, and the machine's load, weigh the same in both. */
async function expectNoMoreMemory(
  archive: (size: number) => Promise<string>,
  size: number,
): Promise<{ readonly size: number }> {
  const small = await measureApart(await archive(MiB))
  const large = await measureApart(await archive(size))
  expect(large.peak - small.peak).toBeLessThan(ALLOWED_MORE)
  return large
}

it('an archive of 12 GiB takes no more memory than a small one', async () => {
  const { size } = await expectNoMoreMemory(async (hole) => {
    const { before, after } = archiveAround(hole)
    return `oci-archive://${await sparseFile(before, hole, after)}`
  }, 12 * GiB)
  expect(size).toBe(archiveAround(12 * GiB).total)
})

it('a gzip file that unpacks to a gigabyte takes no more memory than a small one', async () => {
  const zeros = gzipSync(Buffer.alloc(MiB))
  const { size } = await expectNoMoreMemory(async (size) => {
    const { before, after } = archiveAround(size)
    const file = join(await temporaryFolder(), 'huge.tar.gz')
    const members = [gzipSync(before), ...Array.from({ length: size / MiB }, () => zeros), gzipSync(after)]
    await writeFile(file, Buffer.concat(members))
    return `oci-archive://${file}`
  }, GiB)
  expect(size).toBe(archiveAround(GiB).total)
})

it('a zstd file that unpacks to half a gigabyte takes no more memory than a small one', async () => {
  const { size } = await expectNoMoreMemory(async (size) => {
    const { before, after } = archiveAround(size)
    const zeros = Buffer.alloc(MiB)
    const engine = createZstdCompress()
    for (const part of [before, ...Array.from({ length: size / MiB }, () => zeros), after]) engine.write(part)
    engine.end()
    const file = join(await temporaryFolder(), 'huge.tar.zst')
    await writeFile(file, engine)
    return `oci-archive://${file}`
  }, 512 * MiB)
  expect(size).toBe(archiveAround(512 * MiB).total)
})

it('a layer of 256 MiB is compressed to be estimated without more memory than a small one', async () => {
  const config = json({ os: 'linux', architecture: 'amd64' })
  const { size } = await expectNoMoreMemory(async (size) => {
    const before = header({ name: 'a/layer.tar', size })
    const after = tar({
      'c.json': config,
      'manifest.json': json([{ Config: 'c.json', RepoTags: ['app:v1'], Layers: ['a/layer.tar'] }]),
    })
    return `docker-archive://${await sparseFile(before, size, after)}`
  }, 256 * MiB)
  expect(size).toBeGreaterThan(config.length + 200_000)
  expect(size).toBeLessThan(MiB)
})
