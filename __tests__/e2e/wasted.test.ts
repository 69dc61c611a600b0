import { execFile } from 'node:child_process'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { layoutFiles, tar, temporaryFile, temporaryFolder } from '../images/archives.ts'
import type { Member } from '../images/archives.ts'
import { fileLayer, noiseFile } from '../support/file-layers.ts'
import { image } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'

const run = promisify(execFile)
const IMAGES = 10
const LAYERS = 6
const FOLDERS = ['usr/lib', 'usr/share/fonts', 'var/cache/apt', 'app/node_modules'] as const

/** Numbers that are the same in every run (a linear congruential generator). */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * sides)
  }
}

/**
 * Layers that add, replace and remove: files, hard links in one layer and to one below, whiteouts, opaque
 * folders, folders in place of files and files in place of folders.
 */
function layersOf(seed: number): Member[][] {
  const roll = dice(seed)
  const below = new Set<string>()
  return Array.from({ length: LAYERS }, (_, depth) => {
    const members: Member[] = FOLDERS.map((name) => ({ name: `${name}/`, type: '5' }))
    const here = new Set<string>()
    for (const folder of FOLDERS) {
      if (depth > 0 && roll(6) === 0) {
        members.push({ name: `${folder}/.wh..wh..opq` })
        for (const path of below) if (path.startsWith(`${folder}/`)) below.delete(path)
      }
      for (let file = 0; file < 4; file += 1) {
        const path = `${folder}/${'abcdefgh'.charAt(roll(8))}`
        if (here.has(path)) continue
        here.add(path)
        const what = roll(8)
        const known = [...below].find(
          (each) =>
            /^[^/]$/.test(each.slice(folder.length + 1)) && each.startsWith(folder) && !here.has(each),
        )
        if (what === 0 && below.has(path)) {
          members.push({ name: path.replace(/([^/]+)$/, '.wh.$1') })
          below.delete(path)
        } else if (what === 1 && known !== undefined) {
          here.add(known)
          members.push({ name: path, type: '1', target: known })
        } else if (what === 2) {
          below.delete(path)
          members.push({ name: `${path}/`, type: '5' }, noiseFile(`${path}/inside`, 100 + roll(900)))
        } else if (what === 3) {
          members.push(noiseFile(path, 1 + roll(2_000)), { name: `${path}-too`, type: '1', target: path })
        } else {
          members.push(noiseFile(path, roll(5_000)))
        }
      }
    }
    for (const { name, type } of members) if (type === undefined && !name.includes('.wh.')) below.add(name)
    return members
  })
}

/** Bytes of all files below a folder, what several names share once. */
async function bytesBelow(folder: string): Promise<number> {
  const sizes = new Map<number, number>()
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const { ino, size } = await stat(join(entry.parentPath, entry.name))
    sizes.set(ino, size)
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0)
}

/** What `tar` puts on the disk layer by layer, less what is there at the end: nobody can reach the rest. */
async function wastedByTar(layers: readonly (readonly Member[])[]): Promise<number> {
  const folder = await temporaryFolder()
  const root = join(folder, 'root')
  await mkdir(root)
  let unpacked = 0
  for (const [depth, members] of layers.entries()) {
    for (const { name } of members.filter((member) => member.name.includes('.wh.'))) {
      const [, parent = '', hidden = ''] = /^(.*)\/\.wh\.(.*)$/.exec(name) ?? []
      const gone = hidden === '.wh..opq' ? await readdir(join(root, parent)).catch(() => []) : [hidden]
      for (const each of gone) await rm(join(root, parent, each), { recursive: true, force: true })
    }
    const shown = members.filter(({ name }) => !name.includes('.wh.'))
    const file = join(folder, `${depth}.tar`)
    await writeFile(file, tar(shown))
    // tar itself leaves a folder in the place of a file
    for (const { name, type } of shown) {
      const there = await stat(join(root, name)).catch(() => null)
      if (there !== null && there.isDirectory() !== (type === '5'))
        await rm(join(root, name), { recursive: true })
    }
    await run('tar', ['--extract', '--file', file, '--directory', root])
    unpacked += shown.reduce((sum, { content = '' }) => sum + content.length, 0)
  }
  return unpacked - (await bytesBelow(root))
}

it.each(Array.from({ length: IMAGES }, (_, seed) => seed + 1))(
  'wasted-bytes of image %i are what tar unpacks and nobody can reach in the end',
  async (seed) => {
    const layers = layersOf(seed)
    const built = image(layers.map((members, depth) => fileLayer(members, `RUN step ${depth}`)))
    const file = await temporaryFile(tar(layoutFiles(built)))
    const { exitCode, outputs } = await runAction({
      inputs: { image: `oci-archive://${file}`, explain: 'files' },
    })
    const expected = await wastedByTar(layers)
    expect(exitCode).toBe(0)
    expect(expected).toBeGreaterThan(0)
    expect(outputs['wasted-bytes']).toBe(String(expected))
  },
)
