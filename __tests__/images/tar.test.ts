import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, symlink, link, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WardenError } from '../../src/domain/errors.ts'
import { StreamSource } from '../../src/images/byte-source.ts'
import { OUTSIDE, readTar } from '../../src/images/tar.ts'
import { header, member, pax, tar, temporaryFolder, withChecksum } from './archives.ts'
import type { Member } from './archives.ts'

const run = promisify(execFile)

/** The bytes in chunks of this size. */
async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

interface Read {
  readonly name: string
  readonly kind: string
  readonly target: string
  readonly content: string
}

async function read(archive: Buffer, chunk = 1000): Promise<Read[]> {
  const found: Read[] = []
  for await (const entry of readTar(new StreamSource(chunked(archive, chunk)))) {
    const parts: Buffer[] = []
    for await (const part of entry.content()) parts.push(part)
    found.push({
      name: entry.name,
      kind: entry.kind,
      target: entry.target,
      content: Buffer.concat(parts).toString('latin1'),
    })
  }
  return found
}

const names = async (...members: Member[]): Promise<string[]> =>
  (await read(tar(members))).map(({ name }) => name)

describe('readTar', () => {
  it.each([1, 7, 511, 512, 513, 100_000])('reads members from chunks of %d bytes', async (chunk) => {
    const archive = tar({ a: '', b: 'x'.repeat(511), 'c/d': 'y'.repeat(512), e: 'z'.repeat(1025) })
    expect((await read(archive, chunk)).map(({ name, content }) => [name, content.length])).toEqual([
      ['a', 0],
      ['b', 511],
      ['c/d', 512],
      ['e', 1025],
    ])
  })

  it('goes on behind content that was not read, or not to its end', async () => {
    const archive = tar({ a: 'x'.repeat(5000), b: 'y'.repeat(5000), c: 'z' })
    const found: string[] = []
    for await (const entry of readTar(new StreamSource(chunked(archive, 700)))) {
      if (entry.name === 'b') for await (const part of entry.content()) if (part.length > 0) break
      found.push(entry.name)
    }
    expect(found).toEqual(['a', 'b', 'c'])
  })

  it.each(['v7', 'ustar', 'gnu', 'pax'])('reads what tar --format=%s writes', async (format) => {
    const folder = await temporaryFolder()
    const long = format === 'v7' ? 'short' : `${'d'.repeat(90)}/${'f'.repeat(format === 'ustar' ? 90 : 200)}`
    const inside = join(folder, 'in')
    await mkdir(join(inside, long, '..'), { recursive: true })
    await writeFile(join(inside, long), 'content')
    await mkdir(join(inside, 'x'))
    await symlink('../one', join(inside, 'x/two'))
    await writeFile(join(inside, 'one'), 'first')
    await link(join(inside, 'one'), join(inside, 'three'))
    const file = join(folder, 'a.tar')
    const members = ['one', long, 'x', 'x/two', 'three']
    await run('tar', [`--format=${format}`, '--no-recursion', '-cf', file, '-C', inside, ...members])
    const found = await read(await readFile(file))
    expect(found).toEqual(
      expect.arrayContaining([
        { name: 'one', kind: 'file', target: '', content: 'first' },
        { name: long, kind: 'file', target: '', content: 'content' },
        { name: 'x/two', kind: 'link', target: 'one', content: '' },
        { name: 'three', kind: 'link', target: 'one', content: '' },
        { name: 'x', kind: 'other', target: '', content: '' },
      ]),
    )
  })

  it('takes names and sizes from pax headers and GNU long names, only for the next member', async () => {
    const long = 'n'.repeat(300)
    const given = [
      pax({ path: 'ü/ä', size: '3' }),
      { name: 'short', content: 'abc', size: 0 },
      { name: '././@LongLink', type: 'L', content: `${long}\0` },
      { name: 'cut', content: 'def' },
      { name: '././@LongLink', type: 'K', content: `${long}\0` },
      { name: 'link', type: '1', target: 'cut' },
      pax({ comment: 'for all' }, 'g'),
      { name: 'last', content: 'x' },
    ]
    expect(await read(tar(given))).toEqual([
      { name: 'ü/ä', kind: 'file', target: '', content: 'abc' },
      { name: long, kind: 'file', target: '', content: 'def' },
      { name: 'link', kind: 'link', target: long, content: '' },
      { name: 'last', kind: 'file', target: '', content: 'x' },
    ])
  })

  it('never takes a sparse file for its content', async () => {
    const given = [
      pax({ 'GNU.sparse.major': '1', 'GNU.sparse.name': 'index.json' }),
      { name: 'GNUSparseFile.0/index.json', content: '1\n0\n3\nabc' },
      { name: 'old', type: 'S', content: 'abc' },
    ]
    expect((await read(tar(given))).map(({ kind }) => kind)).toEqual(['other', 'other'])
  })

  it('takes no file for a folder whose long name its header cuts behind a slash', async () => {
    const folder = 'd/'.repeat(50)
    const given = [
      { name: '././@LongLink', type: 'L', content: `${folder}f\0` },
      { name: folder, content: 'x' },
    ]
    expect(await names(...given, { name: 'a', content: 'y' })).toEqual([`${folder}f`, 'a'])
  })

  it('ignores the size of members that have no content', async () => {
    const given = [
      { name: 'hard', type: '1', target: 'a', size: 4096 },
      { name: 'folder', type: '5', size: 512 },
      { name: 'old-folder/', size: 512 },
      { name: 'a', content: 'x' },
    ]
    expect(await names(...given)).toEqual(['hard', 'folder', 'old-folder', 'a'])
  })

  it('writes names in one way, and leaves the root out', async () => {
    expect(await names({ name: './' }, { name: './a//b/./c' }, { name: '.hidden' })).toEqual([
      'a/b/c',
      '.hidden',
    ])
  })

  it.each(['/etc/passwd', '../x', 'a/../../x', 'a/..', '..'])('refuses the name %s', async (name) => {
    await expect(names({ name })).rejects.toThrow(/leads out of it/)
    await expect(names(pax({ path: name }), { name: 'harmless' })).rejects.toThrow(/leads out of it/)
  })

  it.each([
    ['a/b', '../c', 'c'],
    ['a/b', './c', 'a/c'],
    ['a/b', '../../c', OUTSIDE],
    ['b', '../c', OUTSIDE],
    ['b', '/c', OUTSIDE],
  ])('reads the symbolic link %s -> %s as %s', async (name, target, resolved) => {
    expect(await read(tar([{ name, type: '2', target }]))).toMatchObject([{ target: resolved }])
  })

  it('ends at an empty block, whatever follows', async () => {
    expect(await read(Buffer.concat([tar({ a: 'x' }), Buffer.from('garbage')]))).toHaveLength(1)
  })

  it('refuses an archive that was cut anywhere', async () => {
    const archive = tar({ a: 'x'.repeat(600), b: 'y' })
    const whole = archive.length - 1024
    for (let end = 0; end < whole; end += 128) {
      await expect(read(archive.subarray(0, end))).rejects.toThrow(/ends before/)
    }
  })

  it.each([
    ['a wrong checksum', Buffer.concat([header({ name: 'a' }).fill(7, 300, 301), Buffer.alloc(1024)])],
    ['no archive at all', Buffer.alloc(2048, 'text')],
    ['random bytes', randomBytes(4096)],
    ['a size that is no number', withSize('zzz')],
    [
      'a size beyond the safe integers',
      withSize(Buffer.from([0x80, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255])),
    ],
    [
      'a size behind which positions are no safe integers',
      withSize(Buffer.from([0x80, 0, 0, 0, 0, 0x1f, 255, 255, 255, 255, 255, 255])),
    ],
    ['a negative size', withSize(Buffer.alloc(12, 0xff))],
    ['a malformed pax record', tar([{ name: 'p', type: 'x', content: '99 path=a\n' }, { name: 'a' }])],
    ['a pax record without a length', tar([{ name: 'p', type: 'x', content: 'path=a\n' }, { name: 'a' }])],
    ['a pax record of length 0', tar([{ name: 'p', type: 'x', content: '0 path=a\n' }, { name: 'a' }])],
    ['a pax size that is no number', tar([pax({ size: '-1' }), { name: 'a' }])],
    ['a long name of gigabytes', header({ name: 'l', type: 'L', size: 9e9 })],
  ])('refuses %s', async (_, archive) => {
    await expect(read(archive)).rejects.toMatchObject({ name: 'WardenError', kind: 'protocol' })
  })

  it('answers any damage with its members or an error of its own', async () => {
    const archive = tar([
      pax({ path: 'a', size: '600' }),
      { name: 'a', content: 'x'.repeat(600) },
      { name: 'b', type: '2' },
    ])
    const damage = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(damage, fc.boolean(), async (bytes, mended) => {
        const damaged = Buffer.from(archive)
        for (const [at, byte] of bytes) damaged[at] = byte
        // a checksum that fits lets the damage reach what is behind it
        if (mended) for (const at of [0, 1024, 2560]) withChecksum(damaged.subarray(at, at + 512))
        const outcome = await read(damaged).catch((error: unknown) => error)
        expect(Array.isArray(outcome) || outcome instanceof WardenError).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('refuses more members than memory is for', async () => {
    const many = Buffer.concat(Array.from({ length: 50_010 }, () => MEMBER))
    await expect(read(many, 1 << 20)).rejects.toThrow(/over 50000 members/)
  })
})

const MEMBER = member({ name: 'a' })

function withSize(size: string | Buffer): Buffer {
  const block = header({ name: 'a' })
  Buffer.from(size).copy(block, 124)
  return Buffer.concat([withChecksum(block), Buffer.alloc(1024)])
}
