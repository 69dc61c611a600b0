import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openOciArchive } from '../../src/images/open.ts'
import { blob, layer } from '../support/blobs.ts'
import { attestation, image, index } from '../support/images.ts'
import {
  WRAPPINGS,
  blobPath,
  folderOf,
  header,
  layoutFiles,
  member,
  pax,
  tar,
  temporaryFile,
  temporaryFolder,
} from './archives.ts'
import type { Files, Member } from './archives.ts'
import { expectedNumbers, measure, numbersOf } from './measuring.ts'

const base = layer('base', 300_000)
const amd = image([base, layer('amd', 20_000)])
const arm = image([base, layer('arm', 30_000)], { platform: 'linux/arm64' })
const multi = index([amd, attestation(amd), arm, attestation(arm)])

const wrappings = Object.entries(WRAPPINGS)
const open = async (archive: Buffer) => openOciArchive(await temporaryFile(archive), null)

describe('an OCI archive measures what a registry would', () => {
  it.each(wrappings)('%s', async (_, wrap) => {
    for (const built of [amd, multi]) {
      const opened = await open(wrap(tar(layoutFiles(built))))
      expect(numbersOf(await measure(opened))).toEqual(expectedNumbers(built))
    }
  })

  it.each(wrappings)('%s, with the index first, last, or in ./', async (_, wrap) => {
    const { 'index.json': first = '', ...files } = layoutFiles(multi)
    const dotted = Object.fromEntries(
      Object.entries({ ...files, 'index.json': first }).map(([name, content]) => [`./${name}`, content]),
    )
    for (const ordered of [{ 'index.json': first, ...files }, { ...files, 'index.json': first }, dotted]) {
      expect(numbersOf(await measure(await open(wrap(tar(ordered)))))).toEqual(expectedNumbers(multi))
    }
  })

  it.each(['gnu', 'pax'])('as tar --format=%s writes it, with folders', async (format) => {
    const file = join(await temporaryFolder(), 'out.tar')
    await promisify(execFile)('tar', [
      `--format=${format}`,
      '-cf',
      file,
      '-C',
      await folderOf(layoutFiles(multi)),
      '.',
    ])
    expect(numbersOf(await measure(await openOciArchive(file, null)))).toEqual(expectedNumbers(multi))
  })

  it('in several gzip members, and in a zstd file that starts with a skippable frame', async () => {
    const archive = tar(layoutFiles(amd))
    const halves = [archive.subarray(0, 70_000), archive.subarray(70_000)]
    const members = Buffer.concat(halves.map((half) => gzipSync(half)))
    expect(numbersOf(await measure(await open(members)))).toEqual(expectedNumbers(amd))
    const frames = Buffer.concat(halves.map((half) => zstdCompressSync(half)))
    // Node may stop after the first frame: then this is an error and never half an image
    const outcome = await open(frames).then(
      async (opened) => numbersOf(await measure(opened)).size,
      (error: Error) => error.message,
    )
    expect([amd.size, 'the archive ends before its end marker']).toContain(outcome)
  })

  it.each(wrappings)('%s, where blobs are links within the archive', async (_, wrap) => {
    const files = Object.entries(layoutFiles(amd))
    const linked = files.flatMap(([name, content], position): Member[] => {
      if (!name.startsWith('blobs/')) return [{ name, content }]
      const target = `store/${position}`
      const link = position % 2 === 0 ? { type: '1', target } : { type: '2', target: `../../${target}` }
      return [
        { name: target, content },
        { name, ...link },
      ]
    })
    expect(numbersOf(await measure(await open(wrap(tar(linked)))))).toEqual(expectedNumbers(amd))
  })

  it.each(wrappings)('%s, where the last of two members of one name counts', async (_, wrap) => {
    const files = Object.entries(layoutFiles(amd)).map(([name, content]) => ({ name, content }))
    const opened = await open(wrap(tar([{ name: 'index.json', content: '{}' }, ...files])))
    expect(opened.top).toBe(amd.manifest.digest)
  })

  it('beside megabytes of other JSON in a compressed archive', async () => {
    const sboms = Array.from({ length: 8 }, (_, seed): [string, string] => [
      `blobs/sha256/sbom${seed}`,
      `{"${'x'.repeat(3 << 20)}"}`,
    ])
    const files = Object.fromEntries([...Object.entries(layoutFiles(amd)), ...sboms])
    expect(numbersOf(await measure(await open(gzipSync(tar(files), { level: 1 }))))).toEqual(
      expectedNumbers(amd),
    )
  })
})

describe('an archive of docker save', () => {
  it.each(wrappings)('%s is told from an OCI archive', async (_, wrap) => {
    await expect(open(wrap(tar({ 'manifest.json': '[]', repositories: '{}' })))).rejects.toMatchObject({
      kind: 'protocol',
      line: 'there is no oci-layout. It is an archive of docker save: write docker-archive://',
    })
  })

  it('is not supposed where neither is', async () => {
    await expect(open(tar({ 'app.json': '{}' }))).rejects.toMatchObject({ advice: 'Is it an OCI layout?' })
  })
})

describe('an OCI archive that is damaged', () => {
  const reading = async (files: Files, wrap: (archive: Buffer) => Buffer = (archive) => archive) => {
    const opened = await open(wrap(tar(files)))
    return opened.manifest(opened.top)
  }
  const without = (name: string): Files =>
    Object.fromEntries(Object.entries(layoutFiles(amd)).filter(([each]) => each !== name))

  describe.each(wrappings)('%s', (_, wrap) => {
    it.each([
      ['no index', without('index.json'), 'protocol'],
      ['no version file', without('oci-layout'), 'protocol'],
      ['a missing manifest', without(blobPath(amd.manifest.digest)), 'integrity'],
      ['a missing layer', without(blobPath(base.digest)), 'integrity'],
      ['a cut layer', { ...layoutFiles(amd), [blobPath(base.digest)]: 'short' }, 'integrity'],
      [
        'another manifest',
        { ...layoutFiles(amd), [blobPath(amd.manifest.digest)]: arm.manifest.bytes },
        'integrity',
      ],
      [
        'a manifest that is no JSON',
        { ...layoutFiles(amd), [blobPath(amd.manifest.digest)]: 'text' },
        /integrity|protocol/,
      ],
      ['a huge index', { ...layoutFiles(amd), 'index.json': ' '.repeat(5 << 20) }, 'protocol'],
    ])('%s', async (_, files, kind) => {
      await expect(reading(files, wrap)).rejects.toMatchObject({ kind: expect.stringMatching(kind) })
    })
  })

  it.each(wrappings)('%s and cut short', async (_, wrap) => {
    const whole = wrap(tar(layoutFiles(amd)))
    for (const part of [0.1, 0.5, 0.9]) {
      const cut = open(whole.subarray(0, Math.floor(whole.length * part)))
      await expect(cut).rejects.toMatchObject({ name: 'WardenError', kind: 'protocol' })
    }
  })

  it.each([
    ['gzip', Buffer.concat([gzipSync('x').subarray(0, 10), randomBytes(5000)])],
    ['zstd', Buffer.concat([zstdCompressSync('x').subarray(0, 6), randomBytes(5000)])],
  ])('%s that does not decompress', async (_, archive) => {
    await expect(open(archive)).rejects.toThrow(/damaged|ends before/)
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello')],
    ['xz', Buffer.concat([Buffer.from('fd377a585a00', 'hex'), Buffer.alloc(600)])],
    ['a zip file', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(600)])],
  ])('refuses %s', async (_, content) => {
    await expect(open(content)).rejects.toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('is not a tar archive'),
    })
  })

  it('refuses a named pipe without waiting', async () => {
    const pipe = join(await temporaryFolder(), 'pipe')
    await promisify(execFile)('mkfifo', [pipe])
    await expect(openOciArchive(pipe, null)).rejects.toMatchObject({ kind: 'input' })
    await expect(openOciArchive(`${pipe}.tar`, null)).rejects.toMatchObject({ kind: 'not-found' })
  })
})

describe('an OCI archive that wants out', () => {
  it.each(wrappings)('%s: names that lead out are refused', async (_, wrap) => {
    const files = Object.entries(layoutFiles(amd)).map(([name, content]) => ({ name, content }))
    for (const evil of [{ name: '../../etc/passwd' }, { name: '/etc/passwd' }]) {
      await expect(open(wrap(tar([...files, evil])))).rejects.toThrow(/leads out of it/)
    }
    await expect(open(wrap(tar([...files, pax({ path: 'a/../../b' }), { name: 'a' }])))).rejects.toThrow(
      /leads out of it/,
    )
  })

  it.each([
    [{ type: '2', target: '/etc/passwd' }, /link out of the archive/],
    [{ type: '2', target: '../index.json' }, /link out of the archive/],
    [{ type: '1', target: '../index.json' }, /link out of the archive/],
    [{ type: '2', target: 'index.json' }, /symlink loop/],
    [{ type: '2', target: 'loop' }, /symlink loop/],
    [{ type: '2', target: 'nothing' }, /there is no index.json/],
    [{ type: '2', target: 'blobs' }, /not a regular file/],
    [{ type: '3' }, /not a regular file/],
    [{ type: '6' }, /not a regular file/],
  ])('index.json as %j is refused', async (link, message) => {
    const members: Member[] = [
      { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
      { name: 'loop', type: '2', target: 'index.json' },
      { name: 'blobs', type: '5' },
      { name: 'index.json', ...link },
    ]
    await expect(open(tar(members))).rejects.toThrow(message)
  })

  it('ends when time is up', async () => {
    const file = await temporaryFile(tar(layoutFiles(amd)))
    const packed = await temporaryFile(gzipSync(tar(layoutFiles(amd))))
    const signal = AbortSignal.abort()
    await expect(openOciArchive(file, null, { signal })).rejects.toMatchObject({ kind: 'deadline' })
    await expect(openOciArchive(packed, null, { signal })).rejects.toMatchObject({ kind: 'deadline' })
  })

  it('claims a member larger than the file', async () => {
    const archive = Buffer.concat([
      member({ name: 'oci-layout', content: '{}' }),
      header({ name: 'x', size: 1e13 }),
    ])
    await expect(open(Buffer.concat([archive, Buffer.alloc(1024)]))).rejects.toThrow(/ends before/)
    expect(blob(archive, '').bytes.length).toBe(1536)
  })
})
