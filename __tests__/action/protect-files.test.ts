import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readProtectFiles } from '../../src/action/protect-files.ts'

const TEXT = 'image: ghcr.io/acme/api:1.0'
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'protect-files-'))
  await mkdir(join(folder, 'deploy/prod'), { recursive: true })
  await mkdir(join(folder, 'broken'))
  await writeFile(join(folder, 'deploy/a.yaml'), TEXT)
  await writeFile(join(folder, 'deploy/prod/b.yaml'), TEXT)
  await symlink('prod/b.yaml', join(folder, 'deploy/c.yaml'))
  await symlink('nowhere', join(folder, 'broken/d.yaml'))
  await writeFile(join(folder, 'large.yaml'), Buffer.alloc(5 * 1024 * 1024 + 1, 'a'))
  const little = Buffer.from(`\ufeff${TEXT}`, 'utf16le')
  await writeFile(join(folder, 'little.yaml'), little)
  await writeFile(join(folder, 'big.yaml'), Buffer.from(little).swap16())
})
afterAll(() => rm(folder, { recursive: true }))

const read = (...patterns: string[]) => readProtectFiles(patterns.map((pattern) => join(folder, pattern)))

describe('files that protect', () => {
  test('each once, links to files too, and which pattern matches none', async () => {
    const { files, unmatched } = await read('deploy/**/*.yaml', 'deploy/*.yaml', 'charts/**', 'deploy')
    expect(files.map(({ path }) => path.slice(folder.length)).toSorted()).toEqual([
      '/deploy/a.yaml',
      '/deploy/c.yaml',
      '/deploy/prod/b.yaml',
    ])
    expect(new Set(files.map(({ text }) => text))).toEqual(new Set([TEXT]))
    expect(unmatched.map((pattern) => pattern.slice(folder.length))).toEqual(['/charts/**', '/deploy'])
  })

  test.each(['{a,b}'.repeat(16), '{a,{b,{c,d}}}'.repeat(8), '{1..100000}.yaml', '{a..z}{a..z}{a..z}'])(
    '%s would be too many patterns, and is refused at once',
    async (pattern) => {
      const begun = process.cpuUsage()
      await expect(readProtectFiles([pattern])).rejects.toThrow(/stands for more than 256 patterns/)
      expect(process.cpuUsage(begun).user).toBeLessThan(500_000)
    },
  )

  test('braces that stand for few are fine', async () => {
    expect((await read('deploy/{a,b,x}.{yaml,yml}')).files).toHaveLength(1)
    expect((await read('deploy/{a..c}.yaml')).files).toHaveLength(2)
  })

  test('once time is up nothing further is read, and nothing counts as unmatched', async () => {
    expect(await readProtectFiles([join(folder, 'nowhere/**')], () => true)).toEqual({
      files: [],
      unmatched: [],
    })
  })

  test.each([
    ['**', ['.env', '.prod/.deep/e.yaml', '.prod/d.yaml', 'app.yaml', 'linked/c.yaml']],
    ['*', ['.env', 'app.yaml']],
    ['**/*.yaml', ['.prod/.deep/e.yaml', '.prod/d.yaml', 'app.yaml', 'linked/c.yaml']],
    ['*/*.yaml', ['.prod/d.yaml', 'linked/c.yaml']],
    ['{linked,.prod/.deep}/*', ['.prod/.deep/e.yaml', 'linked/c.yaml']],
    ['.git/*', ['.git/config']],
  ])('%s goes into hidden and linked folders, each once', async (pattern, wanted) => {
    const hidden = join(folder, 'hidden')
    for (const name of ['.prod/.deep', '.git']) await mkdir(join(hidden, name), { recursive: true })
    await mkdir(join(folder, 'elsewhere'), { recursive: true })
    const texts = [
      '.env',
      'app.yaml',
      '.prod/d.yaml',
      '.prod/.deep/e.yaml',
      '.git/config',
      '../elsewhere/c.yaml',
    ]
    for (const name of texts) await writeFile(join(hidden, name), TEXT)
    const link = (target: string, name: string) => symlink(target, join(hidden, name)).catch(() => undefined)
    await link('../elsewhere', 'linked')
    await link('..', '.prod/round')
    await link('.', 'self')
    const { files } = await read(`hidden/${pattern}`)
    const paths = files.map(({ path }) => path.slice(hidden.length + 1))
    expect(paths.filter((path) => !/round|self/.test(path)).toSorted()).toEqual(wanted)
  })

  test('numbers in braces, and paths as people write them', async () => {
    const numbered = join(folder, 'numbered')
    await mkdir(numbered)
    for (const name of ['v9.yaml', 'v10.yaml', 'v11.yaml', 'w.yaml'])
      await writeFile(join(numbered, name), TEXT)
    expect((await read('numbered/v{9..10}.yaml')).files).toHaveLength(2)
    expect((await read('numbered//*.yaml')).files).toHaveLength(4)
    expect((await read('deploy/../numbered/*.yaml')).files).toHaveLength(4)
    expect((await readProtectFiles(['./package.json', './*.json', 'tsconfig.*'])).unmatched).toEqual([])
  })

  test.each(['little.yaml', 'big.yaml'])('UTF-16 is read as what it says (%s)', async (name) => {
    expect((await read(name)).files[0]?.text).toBe(TEXT)
  })

  test.each([
    ['broken/*.yaml', /cannot be read/],
    ['large.yaml', /is larger than/],
  ])('%s is an error: what it would protect is not known', async (pattern, message) => {
    await expect(read(pattern)).rejects.toThrow(message)
  })
})
