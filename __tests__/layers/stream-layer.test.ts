import { execFile } from 'node:child_process'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MOST_PATH_WEIGHT } from '../../src/domain/explain/ports.ts'
import { streamLayer } from '../../src/layers/stream-layer.ts'
import { header, member, pax, tar, temporaryFolder, type Member } from '../images/archives.ts'
import { noise } from '../support/blobs.ts'
import { fileLayer, noiseFile } from '../support/file-layers.ts'
import { PACKED, layerBlob, listing, pieces, read } from './stage.ts'

const run = promisify(execFile)
const LONG = `${'long/'.repeat(40)}name`

describe.each(Object.entries(PACKED))('a %s layer', (_, pack) => {
  const members: readonly Member[] = [
    { name: 'usr/', type: '5' },
    { name: 'usr/a', content: noise('a', 70_000) },
    { name: './usr//b', content: 'text '.repeat(50_000) },
    { name: 'usr/c', type: '1', target: 'usr/a' },
    { name: 'usr/d', type: '2', target: 'a' },
    { name: 'dev/null', type: '3' },
    { name: 'usr/.wh.old' },
  ]
  const stored = pack(tar(members))

  it('is read whatever chunks it comes in', async () => {
    const whole = await read(stored)
    expect(listing(whole)).toEqual({
      usr: 'folder',
      'usr/a': 70_000,
      'usr/b': 250_000,
      'usr/c': 'hardlink',
      'usr/d': 'link',
      'dev/null': 'other',
    })
    expect([...whole.whiteouts]).toEqual(['usr/old'])
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 5 }),
        async (lengths) => {
          expect(listing(await read(stored, ...lengths, 9_000))).toEqual(listing(whole))
        },
      ),
      { numRuns: 25 },
    )
  })

  it('shares its compressed bytes among the paths, by where they lie in the stream', async () => {
    const { entries } = await read(stored)
    const shares = [...entries.values()].map(({ compressed }) => compressed)
    const sum = shares.reduce((total, share) => total + share, 0)
    expect(sum).toBeGreaterThan(stored.length - 2_000)
    expect(sum).toBeLessThanOrEqual(stored.length)
    expect(entries.get('usr/a')?.compressed).toBeGreaterThan(60_000)
    // the text packs to nearly nothing, the noise to itself
    const most = stored.length < 200_000 ? 20_000 : 260_000
    expect(entries.get('usr/b')?.compressed).toBeLessThan(most)
  })

  it('is not believed where its bytes are others, fewer or more than its descriptor says', async () => {
    const other = layerBlob(stored, { digest: layerBlob(Buffer.from('other')).digest })
    const options = { isExact: true, room: MOST_PATH_WEIGHT }
    await expect(streamLayer(pieces(stored), other, options)).rejects.toMatchObject({ kind: 'integrity' })
    const cut = stored.subarray(0, -10)
    await expect(streamLayer(pieces(cut), layerBlob(stored), options)).rejects.toMatchObject({
      kind: 'integrity',
    })
    const more = Buffer.concat([stored, Buffer.alloc(1)])
    await expect(streamLayer(pieces(more), layerBlob(stored), options)).rejects.toMatchObject({
      kind: 'integrity',
    })
  })

  it('is an error of ours when it is damaged', async () => {
    const damaged = Buffer.from(stored)
    damaged.fill(0xa5, 5, 900)
    await expect(read(damaged)).rejects.toMatchObject({ name: 'WardenError', kind: 'protocol' })
    await expect(read(pack(tar(members).subarray(0, 80_000)))).rejects.toMatchObject({ kind: 'protocol' })
  })

  it('stops when the time is up', async () => {
    const options = { isExact: true, room: MOST_PATH_WEIGHT, signal: AbortSignal.abort() }
    await expect(streamLayer(pieces(stored), layerBlob(stored), options)).rejects.toMatchObject({
      kind: 'deadline',
    })
  })
})

describe('archives', () => {
  it('of several gzip members or zstd frames are one', async () => {
    for (const storage of ['estargz', 'zstd:chunked'] as const) {
      const { bytes } = fileLayer(
        [noiseFile('a/b', 5_000), noiseFile('c', 100), { name: 'd/', type: '5' }],
        '',
        storage,
      )
      for (const length of [1, 7, 1_000, 65_536]) {
        const found = listing(await read(bytes, length))
        expect(found).toMatchObject({ 'a/b': 5_000, c: 100, d: 'folder' })
      }
    }
  })

  it('may have nothing, or no end marker, or padding behind it', async () => {
    expect(listing(await read(Buffer.alloc(0)))).toEqual({})
    expect(listing(await read(gzipSync(member({ name: 'a', content: 'b' }))))).toEqual({ a: 1 })
    expect(listing(await read(Buffer.concat([gzipSync(tar({ a: 'b' })), Buffer.alloc(999)])))).toEqual({
      a: 1,
    })
  })

  it('have long names in pax and GNU headers', async () => {
    const gnu: Member[] = [
      { name: '././@LongLink', type: 'L', content: `${LONG}\0` },
      { name: 'cut', content: 'abc' },
    ]
    expect(listing(await read(tar(gnu)))).toEqual({ [LONG]: 3 })
    const link: Member[] = [
      { name: 'x', type: 'K', content: 'far\0' },
      { name: 'l', type: '1', target: 'cut' },
    ]
    const { entries } = await read(tar([...link, { name: 'far', content: 'abcd' }]))
    expect(entries.get('l')).toMatchObject({ kind: 'hardlink', target: 'far' })
    expect(
      listing(await read(tar([pax({ path: LONG, size: '3' }), { name: 'cut', content: 'abc', size: 0 }]))),
    ).toEqual({
      [LONG]: 3,
    })
  })

  it('have long names that a header cuts behind a slash, which makes no folder of the file', async () => {
    const members: Member[] = [
      { name: '././@LongLink', type: 'L', content: `${'d/'.repeat(50)}file\0` },
      { name: 'd/'.repeat(50), content: 'abc' },
      { name: 'old/', type: '\0' },
      { name: 'old/file', content: 'abcd' },
    ]
    const { entries } = await read(tar(members))
    expect(entries.get(`${'d/'.repeat(50)}file`)).toMatchObject({ kind: 'file', size: 3 })
    expect(entries.get('old')).toMatchObject({ kind: 'folder' })
    expect(entries.get('old/file')).toMatchObject({ kind: 'file', size: 4 })
  })

  it('keep a file that is taken twice, which GNU tar writes as a link to itself', async () => {
    const { entries, unpacked } = await read(
      tar([
        { name: 'a', content: 'abc' },
        { name: 'a', type: '1', target: 'a' },
      ]),
    )
    expect(entries.get('a')).toMatchObject({ kind: 'file', size: 3 })
    expect(unpacked).toBe(3)
  })

  it('have sparse files of the size they seem to have, as GNU tar writes them', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'sparse'), 'begin')
    await truncate(join(folder, 'sparse'), 50_000_000)
    // more pieces than a header has room for
    await run(
      'sh',
      ['-c', 'for i in $(seq 1 40); do printf x | dd of=many bs=1 seek=$((i * 100000)) conv=notrunc; done'],
      {
        cwd: folder,
      },
    )
    await writeFile(join(folder, 'after'), 'plain')
    const formats = [
      ['--format=gnu'],
      ...['0.0', '0.1', '1.0'].map((version) => ['--format=pax', `--sparse-version=${version}`]),
    ]
    for (const format of formats) {
      await run('tar', ['-c', '-S', ...format, '-f', 'layer.tar', 'sparse', 'many', 'after'], { cwd: folder })
      const found = await read(await readFile(join(folder, 'layer.tar')))
      expect(listing(found)).toEqual({ sparse: 50_000_000, many: 4_000_001, after: 5 })
    }
  })
})

describe('hostile layers', () => {
  it('cannot make it unpack without end', async () => {
    const start = header({ name: 'bomb', size: 8 * 1024 ** 3 })
    const zeros = zstdCompressSync(Buffer.alloc(256 * 1024 * 1024))
    const bomb = Buffer.concat([zstdCompressSync(start), ...Array.from({ length: 16 }, () => zeros)])
    await expect(read(bomb)).rejects.toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('unpacks to more'),
    })
  })

  it('cannot make it gather headers or names without end', async () => {
    const headers = zstdCompressSync(Buffer.alloc(100_000 * 512, member({ name: 'x', type: 'x' })))
    const endless = Buffer.concat(Array.from({ length: 11 }, () => headers))
    await expect(read(endless)).rejects.toThrow('headers')
    await expect(read(tar([{ name: 'x', type: 'L', content: 'y'.repeat(1024 * 1024 + 1) }]))).rejects.toThrow(
      '1 MiB',
    )
    await expect(read(tar([pax({ path: 'p/'.repeat(3_000) }), { name: 'a' }]))).rejects.toThrow('4096')
    const long = Buffer.concat([member(pax({ path: 'p'.repeat(4_000) })), header({ name: 'a' })])
    const names = zstdCompressSync(Buffer.alloc(40_000 * long.length, long))
    await expect(read(names)).rejects.toThrow('names')
  })

  it('with more files than are kept apart are summed up by folder', async () => {
    const archive = tar(
      Array.from({ length: 2_000 }, (_, at) => ({
        name: `srv/${at % 2 === 0 ? 'even' : 'odd'}/x/y/${at}`,
        content: 'ten bytes!',
      })),
    )
    const all = await streamLayer(pieces(archive), layerBlob(archive), { isExact: true, room: 400_000 })
    expect(all).toMatchObject({ depth: null, unpacked: 20_000 })
    const sums = await streamLayer(pieces(archive), layerBlob(archive), { isExact: true, room: 100_000 })
    expect(sums).toMatchObject({ depth: 6, unpacked: 20_000 })
    expect([...sums.entries].map(([path, { size, files }]) => [path, size, files])).toEqual([
      ['srv/even/x/y', 10_000, 1_000],
      ['srv/odd/x/y', 10_000, 1_000],
    ])
    // each byte of the archive is still somebody's
    const share = [...sums.entries.values()].reduce((sum, { compressed }) => sum + compressed, 0)
    const most = [...all.entries.values()].reduce((sum, { compressed }) => sum + compressed, 0)
    expect(share).toBeCloseTo(most)
    const few = await streamLayer(pieces(archive), layerBlob(archive), { isExact: true, room: 200 })
    expect(few.entries.size).toBe(1)
    expect(few.unpacked).toBe(20_000)
  })

  it('with a folder for each of half a million files take the memory of a few of them', async () => {
    const archive = zstdCompressSync(emptyFiles(500_000))
    const contents = await read(archive)
    expect(contents.depth).toBe(0)
    expect([...contents.entries.values()]).toEqual([expect.objectContaining({ files: 500_000 })])
  })

  it('cannot claim sizes that are not numbers', async () => {
    for (const records of [{ size: '1e5' }, { size: '99999999999999999' }, { 'GNU.sparse.realsize': '-1' }]) {
      await expect(read(tar([pax(records), { name: 'a' }]))).rejects.toMatchObject({ kind: 'protocol' })
    }
    const huge = Array.from({ length: 9 }, (_, at) => [
      pax({ 'GNU.sparse.size': String(1024 ** 5) }),
      { name: `f${at}` },
    ])
    await expect(read(tar(huge.flat()))).rejects.toThrow('8191 TiB')
  })

  it.each(['../../etc/passwd', '/etc/passwd', 'a/../../etc/passwd', './etc//passwd'])(
    'mean by %s a path below the root',
    async (name) => {
      expect(listing(await read(tar([{ name, content: 'x' }])))).toEqual({ 'etc/passwd': 1 })
    },
  )
})

/** Each in a folder of its own. */
function emptyFiles(count: number): Buffer {
  const block = header({ name: 'd0000000/file' })
  const all = Buffer.alloc(512 * count)
  for (let at = 0; at < count; at += 1) {
    const one = all.subarray(512 * at, 512 * (at + 1))
    block.copy(one)
    one.write(String(at).padStart(7, '0'), 1, 'latin1')
    let sum = 8 * 32
    for (let byte = 0; byte < 512; byte += 1) if (byte < 148 || byte >= 156) sum += one[byte] ?? 0
    one.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  }
  return all
}
