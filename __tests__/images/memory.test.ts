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
const ALLOWED = 100_000_000

/** Holds JavaScript, since reading TypeScript alone takes Node 30 MB. */
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

it('an archive of 12 GiB is read in under 100 MB', async () => {
  const { before, after, total } = archiveAround(12 * GiB)
  const file = await sparseFile(before, 12 * GiB, after)
  const { size, peak } = await measureApart(`oci-archive://${file}`)
  expect(size).toBe(total)
  expect(peak).toBeLessThan(ALLOWED)
})

it('a gzip file that unpacks to a gigabyte is read in under 100 MB', async () => {
  const { before, after, total } = archiveAround(GiB)
  const zeros = gzipSync(Buffer.alloc(16 * MiB))
  const file = join(await temporaryFolder(), 'huge.tar.gz')
  const members = [gzipSync(before), ...Array.from({ length: 64 }, () => zeros), gzipSync(after)]
  await writeFile(file, Buffer.concat(members))
  const { size, peak } = await measureApart(`oci-archive://${file}`)
  expect(size).toBe(total)
  expect(peak).toBeLessThan(ALLOWED)
})

it('a zstd file that unpacks to half a gigabyte is read in under 100 MB', async () => {
  const { before, after, total } = archiveAround(512 * MiB)
  const zeros = Buffer.alloc(16 * MiB)
  const engine = createZstdCompress()
  for (const part of [before, ...Array.from({ length: 32 }, () => zeros), after]) engine.write(part)
  engine.end()
  const file = join(await temporaryFolder(), 'huge.tar.zst')
  await writeFile(file, engine)
  const { size, peak } = await measureApart(`oci-archive://${file}`)
  expect(size).toBe(total)
  expect(peak).toBeLessThan(ALLOWED)
})

it('a layer of 256 MiB is compressed to be estimated in under 100 MB', async () => {
  const config = json({ os: 'linux', architecture: 'amd64' })
  const before = header({ name: 'a/layer.tar', size: 256 * MiB })
  const after = tar({
    'c.json': config,
    'manifest.json': json([{ Config: 'c.json', RepoTags: ['app:v1'], Layers: ['a/layer.tar'] }]),
  })
  const { size, peak } = await measureApart(`docker-archive://${await sparseFile(before, 256 * MiB, after)}`)
  expect(size).toBeGreaterThan(config.length + 200_000)
  expect(size).toBeLessThan(MiB)
  expect(peak).toBeLessThan(ALLOWED)
})
