import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bundle, bundledPackages, differingFiles, dist, licensedPackages } from '../../scripts/bundle.ts'
import { filesBelow, textOf } from './checkout.ts'

describe('dist', () => {
  it('is byte for byte what src builds, and names every licence', { timeout: 300_000 }, async () => {
    const fresh = mkdtempSync(join(tmpdir(), 'registry-warden-dist-'))
    try {
      await bundle(fresh)
      expect(await differingFiles(dist, fresh), 'run `npm run build` and commit dist').toEqual([])
    } finally {
      rmSync(fresh, { recursive: true, force: true })
    }
  })

  it('is small, has files for late imports, and is ESM wherever it is copied to', () => {
    const names = filesBelow('dist').filter((path) => !/^dist\/\d+\.index\.js$/.test(path))
    expect(names).toEqual(['dist/index.js', 'dist/licenses.txt', 'dist/package.json'])
    const bytes = filesBelow('dist').flatMap((path) => (path.endsWith('.js') ? [textOf(path).length] : []))
    expect(Math.max(...bytes)).toBeLessThan(500_000)
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_100_000)
    expect(JSON.parse(textOf('dist/package.json'))).toEqual({ type: 'module' })
  })
})

describe('bundledPackages', () => {
  it('finds scoped, nested and concatenated modules', () => {
    const module = (path: string, modules: unknown[] = []): unknown => ({ nameForCondition: path, modules })
    const stats = {
      modules: [
        module('/w/src/index.js', [module('/w/node_modules/@actions/core/lib/core.js')]),
        module('/w/node_modules/a/node_modules/b/index.js'),
        { nameForCondition: null },
        {},
      ],
    }
    expect(bundledPackages(JSON.stringify(stats))).toEqual(['@actions/core', 'b'])
  })
})

describe('licensedPackages', () => {
  it('takes the name before each licence identifier, and no line of the licence text', () => {
    const text =
      '@actions/core\nMIT\nThe MIT License\n\nCopyright 2019\n\nPermission\n\nzod\nMIT\nMIT License\n'
    const names = licensedPackages(text)
    expect(names.has('@actions/core') && names.has('zod')).toBe(true)
    expect(names.has('Copyright 2019')).toBe(false)
  })
})

describe('package.json', () => {
  const versions = z.record(z.string(), z.string())
  const manifest = z.object({ version: z.string(), dependencies: versions, devDependencies: versions })
  const own = manifest.parse(JSON.parse(textOf('package.json')))

  it('names exact versions only', () => {
    for (const version of Object.values({ ...own.dependencies, ...own.devDependencies })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    }
  })

  it('agrees with the lock file and the change log', () => {
    const locked = z
      .object({ packages: z.object({ '': manifest }) })
      .parse(JSON.parse(textOf('package-lock.json')))
    expect(locked.packages['']).toEqual(own)
    expect(textOf('CHANGELOG.md')).toContain(`## ${own.version}`)
  })

  it('has a lock entry for every platform of its tools, without which npm ci refuses', () => {
    const entry = z.object({
      optionalDependencies: versions.default({}),
      integrity: z.string().optional(),
    })
    const lock = z
      .object({ packages: z.record(z.string(), entry) })
      .parse(JSON.parse(textOf('package-lock.json')))
    const wanted = Object.values(lock.packages).flatMap((each) => Object.keys(each.optionalDependencies))
    const names = Object.keys(lock.packages)
    const unproven = Object.entries(lock.packages).filter(([name, each]) => name !== '' && !each.integrity)
    expect(unproven).toEqual([])
    expect(wanted.filter((name) => !names.some((path) => path.endsWith(`node_modules/${name}`)))).toEqual([])
  })

  it('has the Node of .node-version, of action.yml and of the types', () => {
    const node = textOf('.node-version').trim()
    expect(own.devDependencies['node']).toBe(node)
    expect(textOf('action.yml')).toContain(`using: node${node.split('.')[0]}\n`)
    expect(own.devDependencies['@types/node']?.split('.')[0]).toBe(node.split('.')[0])
  })
})
