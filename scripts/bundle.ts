import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** The folder of the checkout. */
export const root = join(import.meta.dirname, '..')

/** What the runner executes, as committed. */
export const dist = join(root, 'dist')

/**
 * Packages of which a part, or an import, is replaced in the bundle by what is in `scripts/replaced`: undici, for
 * proxies and `fetch`, which was a third of it, tunnel, @actions/exec, octokit's methods for each endpoint, and what zod
 * has for JSON schemas. Nothing here
 * calls them: requests go through `src/transport`.
 */
const replacedIn = ['@actions/core', '@actions/github', '@actions/http-client', 're2js', 'zod'] as const

const tsc = join(root, 'node_modules/.bin/tsc')
const ncc = join(root, 'node_modules/.bin/ncc')

/**
 * Compiles `src` and bundles it into `folder`, byte for byte the same on every machine.
 * Throws when `licenses.txt` misses a package that is in the bundle.
 */
export async function bundle(folder: string): Promise<void> {
  await mkdir(join(root, 'build'), { recursive: true })
  // A workspace of its own lets two builds run side by side. ncc names modules by their path from the working
  // folder, so its depth must stay the same, and its name is free.
  const workspace = await mkdtemp(join(root, 'build', 'bundle-'))
  try {
    await runTool(tsc, ['-p', join(root, 'tsconfig.build.json'), '--outDir', join(workspace, 'src')], root)
    await replaceUnused(workspace)
    await bundleChunks(workspace, folder)
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
}

/** Bundles `src` of the workspace, a file for what is there from the start and one for each late import. */
async function bundleChunks(workspace: string, folder: string): Promise<void> {
  const stats = join(workspace, 'stats.json')
  // ncc reads JavaScript, because TypeScript 7 has no compiler API that it could use (vercel/ncc#1336)
  const parameters = ['build', 'src/index.js', '-o', folder, '--no-cache', '--stats-out', stats]
  await runTool(ncc, parameters, workspace)
  const bundled = await readFile(stats, 'utf8')
  const licences = await licencesOf(bundledFolders(bundled))
  const licensed = licensedPackages(licences)
  const missing = bundledPackages(bundled).filter((name) => !licensed.has(name))
  if (missing.length > 0) throw new Error(`licenses.txt misses ${missing.join(', ')}`)
  await writeFile(join(folder, 'licenses.txt'), licences)
}

/**
 * Name, licence and its text of each of these packages and of this one. ncc's own `--license` names the
 * packages of one file only, the one it wrote last.
 */
async function licencesOf(folders: readonly string[]): Promise<string> {
  const entries = await Promise.all([root, ...folders].map(licenceOf))
  const byName = new Map(entries.map((entry) => [entry.name, entry.text]))
  const texts = [...byName.keys()].toSorted().map((name) => byName.get(name))
  return texts.join('\n\n')
}

async function licenceOf(folder: string): Promise<{ name: string; text: string }> {
  const { name, license } = packageSchema.parse(
    JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')),
  )
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each))
  const texts = file === undefined ? [] : [await readFile(join(folder, file), 'utf8')]
  return { name, text: [name, license, ...texts].join('\n').replaceAll('\r\n', '\n') }
}

/**
 * Puts stand-ins for what is never called where its users look first: a package resolves what it imports from
 * its own folder upwards, so they are copied beside the compiled sources, without what is installed inside of
 * them.
 */
async function replaceUnused(workspace: string): Promise<void> {
  const modules = join(workspace, 'node_modules')
  for (const name of replacedIn) {
    const source = join(root, 'node_modules', name)
    const nested = join(source, 'node_modules')
    const filter = (path: string) => !path.startsWith(nested)
    await cp(source, join(modules, name), { recursive: true, dereference: true, filter })
  }
  await stripComments('zod/v4/core', modules)
  await stripComments('zod/v4/classic', modules)
  await stripDocs(join(modules, 're2js/build/index.js'))
  const names = ['undici', 'tunnel', '@actions/exec', '@octokit/plugin-rest-endpoint-methods']
  for (const name of names) {
    await cp(join(root, 'scripts/replaced', name), join(modules, name), { recursive: true })
  }
  // @actions/core would ask for OIDC tokens through its client, and load Node's HTTP and TLS for it at each
  // start
  const unused = join(modules, '@actions/core/node_modules/@actions/http-client')
  await cp(join(modules, '@actions/http-client'), unused, { recursive: true })
  await cp(join(root, 'scripts/replaced/actions-http-client.js'), join(unused, 'lib/index.js'))
  for (const name of ['json-schema-processors.js', 'to-json-schema.js']) {
    await cp(join(root, 'scripts/replaced/zod-json-schema.js'), join(modules, 'zod/v4/core', name))
  }
}

/** Writes a folder of a package without its comments, which were a sixth of it. */
async function stripComments(folder: string, modules: string): Promise<void> {
  const source = join(root, 'node_modules', folder)
  const names = (await readdir(source)).filter((name) => name.endsWith('.js'))
  const files = names.map((name) => join(source, name))
  const options = ['--ignoreConfig', '--allowJs', '--noCheck', '--noResolve', '--removeComments']
  const format = ['--module', 'esnext', '--target', 'esnext', '--moduleResolution', 'bundler']
  const place = ['--rootDir', source, '--outDir', join(modules, folder)]
  await runTool(tsc, [...options, ...format, ...place, ...files], root)
}

/** Takes the comments out that have lines of their own: printed anew without any, the file would be larger. */
async function stripDocs(file: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replaceAll(/^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*)\n/gm, ''))
}

/**
 * The files whose bytes differ between two folders, or that only one of them has; an absent folder is empty.
 */
export async function differingFiles(one: string, other: string): Promise<string[]> {
  const names = new Set([...(await fileNames(one)), ...(await fileNames(other))])
  const differing: string[] = []
  for (const name of [...names].toSorted()) {
    const [left, right] = await Promise.all([bytesOf(join(one, name)), bytesOf(join(other, name))])
    if (left === null || right === null || !left.equals(right)) differing.push(name)
  }
  return differing
}

/** Names of the packages that webpack's statistics say are in the bundle. */
export function bundledPackages(stats: string): string[] {
  const names = bundledFolders(stats).map((folder) =>
    folder.slice(folder.lastIndexOf(MODULES) + MODULES.length),
  )
  return [...new Set(names)].toSorted()
}

const MODULES = '/node_modules/'

/** The folders of the packages that webpack's statistics say are in the bundle. */
function bundledFolders(stats: string): string[] {
  const folders = new Set<string>()
  const visit = (modules: readonly z.infer<typeof moduleSchema>[]): void => {
    for (const module of modules) {
      const folder = /.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(module.nameForCondition ?? '')?.[0]
      if (folder !== undefined) folders.add(folder)
      visit(module.modules ?? [])
    }
  }
  visit(statsSchema.parse(JSON.parse(stats)).modules)
  return [...folders]
}

const moduleSchema = z.object({
  nameForCondition: z.string().nullish(),
  get modules() {
    return z.array(moduleSchema).optional()
  },
})
const statsSchema = z.object({ modules: z.array(moduleSchema) })
const packageSchema = z.object({ name: z.string(), license: z.string() })

/**
 * Names of the packages in `licenses.txt`: the line before each licence identifier, at the top or after an
 * empty line.
 */
export function licensedPackages(text: string): Set<string> {
  return new Set(
    Array.from(text.matchAll(/(?:^|\n\n)((?:@[\w.-]+\/)?[\w.-]+)\n(?=\S)/g), (match) => match[1] ?? ''),
  )
}

async function runTool(program: string, parameters: readonly string[], cwd: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    execFile(program, parameters, { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve()
      else reject(new Error(`${program} failed\n${stdout}${stderr}`.trim()))
    })
  })
}

async function fileNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}

async function bytesOf(file: string): Promise<Buffer | null> {
  return readFile(file).catch(() => null)
}
