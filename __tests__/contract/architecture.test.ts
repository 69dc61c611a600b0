import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { filesBelow, textOf } from './checkout.ts'

interface Rule {
  /** folders of src it may import, apart from itself */
  readonly folders: readonly string[]
  /** packages it may import values from */
  readonly packages: RegExp
}

const rules: ReadonlyMap<string, Rule> = new Map([
  ['domain', { folders: [], packages: /^(re2js|semver\/functions\/[\w-]+\.js)$/ }],
  ['wire', { folders: ['domain'], packages: /^(zod|node:crypto)$/ }],
  ['transport', { folders: ['domain'], packages: /^(@actions\/http-client|node:[\w/]+)$/ }],
  ['credentials', { folders: ['domain', 'wire', 'transport'], packages: /^node:[\w/]+$/ }],
  [
    'registry',
    { folders: ['domain', 'wire', 'transport', 'credentials'], packages: /^(aws4fetch|node:[\w/]+)$/ },
  ],
  ['layers', { folders: ['domain', 'wire', 'images'], packages: /^node:[\w/]+$/ }],
  ['images', { folders: ['domain', 'wire'], packages: /^node:[\w/]+$/ }],
  ['storage', { folders: ['domain', 'wire'], packages: /^(p-map|node:[\w/]+)$/ }],
  ['github', { folders: ['domain', 'wire', 'transport'], packages: /^(@actions\/github|node:[\w/]+)$/ }],
  ['report', { folders: ['domain'], packages: /^$/ }],
  ['usecases', { folders: ['domain'], packages: /^p-(limit|map)$/ }],
  ['action', { folders: ['domain'], packages: /^(@actions\/core|picomatch|node:[\w/]+)$/ }],
  [
    'modes',
    { folders: ['action', 'usecases', 'domain', 'github', 'report', 'compose.ts', 'wire'], packages: /^$/ },
  ],
])

/** The files that tie the folders together; they may import everything. */
const wiring = new Set(['index.ts', 'main.ts', 'compose.ts'])

const sources = filesBelow('src').map((path) => ({
  path,
  folder: path.split('/')[1] ?? '',
  text: textOf(path),
}))

interface Import {
  readonly specifier: string
  /** erased by the compiler */
  readonly typeOnly: boolean
}

/** Everything that a file imports or re-exports. */
function importsOf(text: string): Import[] {
  const early = text.matchAll(/^(import|export)\s+(type\s)?(?:[^'"`;=()]*?\sfrom\s*)?['"]([^'"]+)['"]/gms)
  const late = text.matchAll(/\bimport\('([^']+)'\)/g)
  return [
    ...Array.from(early, (match) => ({ specifier: match[3] ?? '', typeOnly: match[2] !== undefined })),
    ...Array.from(late, (match) => ({ specifier: match[1] ?? '', typeOnly: false })),
  ]
}

/** What is wrong with one import; null when it obeys the rule of the folder. */
function complaint(path: string, folder: string, { specifier, typeOnly }: Import): string | null {
  const rule = rules.get(folder)
  if (!specifier.startsWith('.')) {
    return rule === undefined || typeOnly || rule.packages.test(specifier)
      ? null
      : `${path} imports package ${specifier}`
  }
  const target = join(dirname(path), specifier)
  if (!sources.some((source) => source.path === target))
    return `${path} imports ${specifier}, which is not a file of src`
  const targetFolder = target.split('/')[1] ?? ''
  const allowed = rule === undefined || targetFolder === folder || rule.folders.includes(targetFolder)
  return allowed ? null : `${path} imports ${specifier}`
}

/** The files of the chosen folders whose text matches. */
function matching(pattern: RegExp, chosen: (folder: string) => boolean = () => true): string[] {
  return sources.filter(({ folder, text }) => chosen(folder) && pattern.test(text)).map(({ path }) => path)
}

it('finds imports however they are written', () => {
  const text = [
    `import a from 'a'`,
    `import { b } from "b"`,
    `import type { C } from './c.ts'`,
    `import {\n  d,\n} from 'd'`,
    `import 'e'`,
    `export * from './f.ts'`,
    `export { g } from './g.ts'`,
    `export const text = 'not'`,
    `export function from(): string {\n  return 'not'\n}`,
    `const late = { h: () => import('./h.ts') }`,
  ].join('\n')
  expect(importsOf(text).map(({ specifier }) => specifier)).toEqual([
    'a',
    'b',
    './c.ts',
    'd',
    'e',
    './f.ts',
    './g.ts',
    './h.ts',
  ])
  expect(importsOf(text).filter(({ typeOnly }) => typeOnly)).toEqual([
    { specifier: './c.ts', typeOnly: true },
  ])
})

it('src has the folders of the architecture, the wiring, and nothing else', () => {
  expect([...new Set(sources.map(({ folder }) => folder))].toSorted()).toEqual(
    [...rules.keys(), ...wiring].toSorted(),
  )
})

it('CONTRIBUTING.md describes these folders and their imports', () => {
  const rows = textOf('CONTRIBUTING.md').matchAll(/^\| `(\w+)\/` +\|[^|]+\| ([^|]+?) +\|$/gm)
  const documented = Array.from(rows, ([, folder = '', imports = '']) => `${folder}: ${imports}`)
  const expected = Array.from(
    rules,
    ([folder, { folders }]) => `${folder}: ${folders.join(', ') || 'nothing'}`,
  )
  expect(documented.toSorted()).toEqual(expected.toSorted())
})

it('imports go downwards only, and packages stay where they belong', () => {
  const complaints = sources.flatMap(({ path, folder, text }) =>
    importsOf(text).map((found) => complaint(path, folder, found)),
  )
  expect(complaints.length).toBeGreaterThan(0)
  expect(complaints.filter((each) => each !== null)).toEqual([])
})

it('no file is part of an import circle, types included', () => {
  const edges = new Map(
    sources.map(({ path, text }) => [
      path,
      importsOf(text).flatMap(({ specifier }) =>
        specifier.startsWith('.') ? [join(dirname(path), specifier)] : [],
      ),
    ]),
  )
  expect(
    circlesIn(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['a']],
      ]),
    ),
  ).toEqual(['a → b → c → a'])
  expect(circlesIn(edges)).toEqual([])
})

/** Each way that leads back to where it began, once. */
function circlesIn(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = []
  const finished = new Set<string>()
  const visit = (path: string, way: readonly string[]): void => {
    const begun = way.indexOf(path)
    if (begun >= 0) circles.push([...way.slice(begun), path].join(' → '))
    if (begun >= 0 || finished.has(path)) return
    for (const next of edges.get(path) ?? []) visit(next, [...way, path])
    finished.add(path)
  }
  for (const path of edges.keys()) visit(path, [])
  return circles
}

it('an exported type name is declared once', () => {
  const declared = sources.flatMap(({ path, text }) =>
    Array.from(
      text.matchAll(/^(export )?(?:type|interface|class) ([A-Z]\w*)/gm),
      ([, exported, name = '']) => ({
        path,
        name,
        isExported: exported !== undefined,
      }),
    ),
  )
  const twice = [...Map.groupBy(declared, ({ name }) => name)].filter(
    ([, places]) => places.length > 1 && places.some(({ isExported }) => isExported),
  )
  expect(twice.map(([name, places]) => `${name}: ${places.map(({ path }) => path).join(', ')}`)).toEqual([])
})

it('imports are static, but for what most starts do not need', () => {
  const late = sources.flatMap(({ path, text }) =>
    Array.from(text.matchAll(/\b(?:import|require)\s*\(([^)]*)\)/g), (match) => `${path}: ${match[1]}`),
  )
  expect(late).toEqual([
    "src/compose.ts: './images/open.ts'",
    "src/compose.ts: './layers/read-layer.ts'",
    "src/compose.ts: './storage/open.ts'",
    "src/github/octokit.ts: '@actions/github'",
    "src/main.ts: './compose.ts'",
    "src/main.ts: './modes/measuring.ts'",
    "src/main.ts: './modes/pruning.ts'",
    "src/transport/exchange.ts: '@actions/http-client'",
  ])
})

it('@actions/core is known only to the runner adapter', () => {
  expect(matching(/['"]@actions\/core['"]/, (folder) => folder !== 'action')).toEqual([])
})

it('@actions/github is known to one file, for it reads the environment and the payload while it is imported', () => {
  expect(matching(/['"]@(actions\/github|octokit\/[\w-]+)['"]/)).toEqual(['src/github/octokit.ts'])
})

it('the environment is read at the edge only', () => {
  expect(matching(/\bprocess\.env\b/, (folder) => folder !== 'action' && !wiring.has(folder))).toEqual([
    // hides the payload from @actions/github while that is imported
    'src/github/octokit.ts',
  ])
})

it('rules and renderings know no clock, no chance and no console', () => {
  const impure =
    /\bDate\.now\(|\bnew Date\(\s*\)|\bMath\.random\(|\bperformance\.|\bfetch\(|\bconsole\.|\bset(Timeout|Interval)\(/
  expect(matching(impure, (folder) => folder === 'domain' || folder === 'report')).toEqual([])
})

it('every file can be read in one sitting', () => {
  const long = sources.filter(({ text }) => text.split('\n').length - 1 > 350)
  expect(long.map(({ path }) => path)).toEqual([])
})
