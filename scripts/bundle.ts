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
const replacedIn = ['@actions/core', '@actions/github', '@actions/http-client', 'zod'] as const

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
  // ncc writes licenses.txt once per chunk and the last one wins: a bundle of one chunk has the whole of it
  const single = join(workspace, 'single')
  await cp(join(workspace, 'src'), join(single, 'src'), { recursive: true })
  await importEagerly(join(single, 'src'))
  await Promise.all([
    runNcc(workspace, 'src/index.js', folder, ['--stats-out', stats]),
    runNcc(workspace, 'single/src/index.js', join(single, 'dist')),
  ])
  await cp(join(single, 'dist/licenses.txt'), join(folder, 'licenses.txt'))
  const licensed = licensedPackages(await readFile(join(folder, 'licenses.txt'), 'utf8'))
  const missing = bundledPackages(await readFile(stats, 'utf8')).filter((name) => !licensed.has(name))
  if (missing.length > 0) throw new Error(`licenses.txt misses ${missing.join(', ')}`)
}

async function runNcc(workspace: string, entry: string, out: string, options: readonly string[] = []) {
  // ncc reads JavaScript, because TypeScript 7 has no compiler API that it could use (vercel/ncc#1336)
  await runTool(
    ncc,
    ['build', entry, '-o', out, '--license', 'licenses.txt', '--no-cache', ...options],
    workspace,
  )
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

/** Tells webpack to keep each late import in the chunk of its importer; comments of ours are not compiled. */
async function importEagerly(folder: string): Promise<void> {
  for (const name of await fileNames(folder)) {
    const text = await readFile(join(folder, name), 'utf8')
    const eager = text.replace(/\bimport\((?=')/g, 'import(/* webpackMode: "eager" */ ')
    if (eager !== text) await writeFile(join(folder, name), eager)
  }
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
  const names = new Set<string>()
  const visit = (modules: readonly z.infer<typeof moduleSchema>[]): void => {
    for (const module of modules) {
      const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(module.nameForCondition ?? '')?.[1]
      if (name !== undefined) names.add(name)
      visit(module.modules ?? [])
    }
  }
  visit(statsSchema.parse(JSON.parse(stats)).modules)
  return [...names].toSorted()
}

const moduleSchema = z.object({
  nameForCondition: z.string().nullish(),
  get modules() {
    return z.array(moduleSchema).optional()
  },
})
const statsSchema = z.object({ modules: z.array(moduleSchema) })

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
