import { lstat, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openCacheFolder } from '../../src/registry/cache-folder.ts'

const HEX = 'a'.repeat(64)
const NAME = `manifests/sha256/aa/${HEX}`
const DAY = 24 * 60 * 60 * 1000

describe('a cache that was restored from elsewhere', () => {
  let folder = ''
  let warnings: string[] = []
  const log = { debug: () => undefined, warning: (message: string) => void warnings.push(message) }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warden-cache-folder-'))
    warnings = []
    await mkdir(join(folder, 'elsewhere/aa'), { recursive: true })
    await writeOld('elsewhere/important.txt')
    for (const name of [NAME, NAME.slice('manifests/'.length), `aa/${HEX}`])
      await writeOld(`elsewhere/${name}`)
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  async function writeOld(name: string): Promise<void> {
    const file = join(folder, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, 'foreign')
    const old = new Date(Date.now() - 40 * DAY)
    await utimes(file, old, old)
  }

  const files = async (below: string) => (await readdir(join(folder, below), { recursive: true })).toSorted()

  test.each(['cache/v2', 'cache/v2/manifests', 'cache/v2/manifests/sha256'])(
    'a link at %s is not followed, neither to read nor to write nor to tidy',
    async (link) => {
      await mkdir(dirname(join(folder, link)), { recursive: true })
      await symlink(join(folder, 'elsewhere'), join(folder, link))
      const before = await files('elsewhere')
      const cache = openCacheFolder(join(folder, 'cache'), log)
      expect(await cache.read(NAME, 100)).toBeNull()
      await cache.write(NAME, Buffer.from('x'))
      await cache.tidy()
      expect(await files('elsewhere')).toEqual(before)
      expect(warnings).toEqual([expect.stringContaining('cannot be used (ENOTDIR)')])
    },
  )

  test('only what a cache writes is removed', async () => {
    const foreign = ['notes.txt', `manifests/${HEX}`, 'tags/readme', `manifests/sha256/aa/${HEX}.orig`]
    const ours = [NAME, `configs/sha512/bb/${'b'.repeat(128)}`, `tags/${HEX}`]
    const half = `${NAME}.01234567-89ab-4cde-8f01-23456789abcd`
    for (const name of [...foreign, ...ours, half]) await writeOld(`cache/v2/${name}`)
    await openCacheFolder(join(folder, 'cache'), log).tidy()
    const isThere = (name: string) =>
      lstat(join(folder, 'cache/v2', name)).then(
        () => true,
        () => false,
      )
    const left: string[] = []
    for (const name of [...foreign, ...ours, half]) if (await isThere(name)) left.push(name)
    expect(left).toEqual(foreign)
  })

  test('the folder of the user may be a link, and need not be there', async () => {
    await symlink(join(folder, 'made/later'), join(folder, 'linked'))
    await mkdir(join(folder, 'made/later'), { recursive: true })
    for (const root of ['linked', 'new/cache/']) {
      await openCacheFolder(join(folder, root), log).write(NAME, Buffer.from('x'))
      expect(await openCacheFolder(join(folder, root), log).read(NAME, 100)).toEqual(Buffer.from('x'))
    }
    expect(warnings).toEqual([])
  })
})
