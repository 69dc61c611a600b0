import { execFile } from 'node:child_process'
import { lstat, mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { wastedBytes } from '../../src/domain/explain/wasted.ts'
import { tar, temporaryFolder, type Member } from '../images/archives.ts'
import { noise } from '../support/blobs.ts'
import { read } from './stage.ts'

const run = promisify(execFile)

/** Numbers that are the same on every machine. */
function dice(seed: string): (sides: number) => number {
  const bytes = noise(seed, 100_000)
  let at = 0
  return (sides) => bytes.readUInt16LE((at += 2)) % sides
}

/** A layer in which no path contradicts another one: folders, files, links of both kinds, removals. */
function randomLayer(roll: (sides: number) => number): Member[] {
  const members = new Map<string, Member>()
  const folders = ['', 'a/', 'a/b/', 'c/'].filter((folder) => folder === '' || roll(4) > 0)
  for (const folder of folders)
    if (folder !== '' && roll(2) === 0) members.set(folder, { name: folder, type: '5' })
  const files: string[] = []
  for (const folder of folders) {
    for (const base of ['x', 'y', 'z', 'a', 'b', 'c']) {
      const name = `${folder}${base}`
      if (folders.some((each) => each.startsWith(`${name}/`)) || roll(3) === 0) continue
      const kind = roll(9)
      if (kind < 4) {
        files.push(name)
        members.set(name, { name, content: noise(name, roll(5_000)) })
      } else if (kind === 4 && files.length > 0) {
        members.set(name, { name, type: '1', target: files[roll(files.length)] ?? '' })
      } else if (kind === 5) {
        members.set(name, { name, type: '2', target: 'nowhere' })
      } else if (kind === 6) {
        members.set(name, { name: `${folder}.wh.${base}` })
      }
    }
    if (folder !== '' && roll(5) === 0) members.set(`${folder}opq`, { name: `${folder}.wh..wh..opq` })
  }
  return [...members.values()]
}

interface Unpacked {
  /** every path below the folder, with its status */
  readonly paths: ReadonlyMap<string, Awaited<ReturnType<typeof lstat>>>
}

async function unpack(layer: Buffer): Promise<Unpacked> {
  const folder = await temporaryFolder()
  const file = join(folder, 'layer.tar')
  await writeFile(file, layer)
  const root = join(folder, 'root')
  await mkdir(root)
  await run('tar', ['-xf', file, '-C', root])
  const names = await readdir(root, { recursive: true })
  const entries = names.map(async (name) => [name, await lstat(join(root, name))] as const)
  return { paths: new Map(await Promise.all(entries)) }
}

/** Whether this layer hides what layers below have at a path: looked at path by path, folder by folder. */
function hides({ paths }: Unpacked, path: string): boolean {
  const own = paths.get(path)
  if (own !== undefined) return true
  for (let at = path; at !== '.'; at = dirname(at)) {
    const folder = dirname(at)
    const base = at.slice(folder === '.' ? 0 : folder.length + 1)
    const inside = (name: string): string => (folder === '.' ? name : `${folder}/${name}`)
    if (paths.has(inside(`.wh.${base}`)) || paths.has(inside('.wh..wh..opq'))) return true
    if (at !== path && paths.get(at)?.isDirectory() === false) return true
  }
  return false
}

/** Every copy by its inode: wasted when for each of its names some later layer hides it. */
function reference(layers: readonly Unpacked[]): { bytes: number; unpacked: number } {
  let bytes = 0
  let unpacked = 0
  for (const [position, { paths }] of layers.entries()) {
    const inodes = Map.groupBy(
      [...paths].filter(([name, status]) => status.isFile() && !name.includes('.wh.')),
      ([, status]) => status.ino,
    )
    for (const names of inodes.values()) {
      const size = Number(names[0]?.[1].size ?? 0)
      unpacked += size
      const isGone = names.every(([name]) => layers.slice(position + 1).some((later) => hides(later, name)))
      if (isGone) bytes += size
    }
  }
  return { bytes, unpacked }
}

it.each(Array.from({ length: 10 }, (_, number) => `image ${number}`))(
  'waste of %s is what tar and a look at each path say',
  async (seed) => {
    const roll = dice(seed)
    const layers = Array.from({ length: 3 + roll(5) }, () => tar(randomLayer(roll)))
    const contents = await Promise.all(layers.map((layer) => read(gzipSync(layer))))
    const { bytes, unpacked } = wastedBytes(contents)
    const expected = reference(await Promise.all(layers.map(unpack)))
    expect({ bytes, unpacked }).toEqual(expected)
    expect(bytes).toBeGreaterThan(0)
  },
)
