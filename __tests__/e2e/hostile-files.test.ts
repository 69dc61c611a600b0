import { execFileSync } from 'node:child_process'
import { lstat, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry, type EmbeddedRegistry } from '../support/embedded-registry.ts'
import { image } from '../support/images.ts'
import { runAction, type ActionResult, type ActionRun } from '../support/run-action.ts'
import { runInProcess } from '../support/run-in-process.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`
const old = image([layer('old', 2_000)], { created: '2024-01-01T00:00:00Z' })
const shared = image([layer('shared', 2_000)], { created: '2024-01-02T00:00:00Z' })

let home = ''
let registry: EmbeddedRegistry
let writes: string[] = []
/** Valid files, as the action wrote them. */
const valid = { plan: '', undo: '', report: '' }

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hostile-files-'))
  registry = await startEmbeddedRegistry({
    intercept: ({ request, url }) => {
      if (request.method !== 'GET' && request.method !== 'HEAD')
        writes.push(`${request.method} ${url.pathname}`)
      return false
    },
  })
  seed()
  const paths = { plan: join(home, 'plan'), undo: join(home, 'undo'), report: join(home, 'report') }
  await prune({ 'plan-file': paths.plan })
  await prune({ 'undo-file': paths.undo, 'dry-run': 'false' })
  await size({ 'report-file': paths.report })
  valid.plan = await readFile(paths.plan, 'utf8')
  valid.undo = await readFile(paths.undo, 'utf8')
  valid.report = await readFile(paths.report, 'utf8')
})
beforeEach(() => {
  seed()
  writes = []
})
afterAll(async () => {
  await registry.stop()
  await rm(home, { recursive: true })
})

function seed(): void {
  registry.seed('acme/api', old, ['pr-1'])
  registry.seed('acme/api', shared, ['pr-2', 'prod'])
}

type Inputs = Readonly<Record<string, string>>
type Start = (run: ActionRun) => Promise<ActionResult>
const run = (inputs: Inputs, more: Partial<ActionRun> = {}, start: Start = runAction) =>
  start({ inputs: { registry: registry.origin, ...inputs }, timeoutMs: 30_000, ...more })
const prune = (inputs: Inputs, more: Partial<ActionRun> = {}, start?: Start) =>
  run({ mode: 'prune', image: 'acme/api', tags: 'pr-*', 'max-delete-percent': '100', ...inputs }, more, start)
const size = (inputs: Inputs, more: Partial<ActionRun> = {}, start?: Start) =>
  run({ image: 'acme/api:prod', ...inputs }, more, start)

/** Content, or how many NULs. */
async function file(content: string | Buffer | number): Promise<string> {
  const path = join(await mkdtemp(join(home, 'file-')), 'file')
  await writeFile(path, typeof content === 'number' ? '' : content)
  if (typeof content === 'number') await truncate(path, content)
  return path
}

/** One line that names the input; nothing printed that a terminal or the runner would obey. */
function expectOneLine({ annotations, stdout, stderr }: ActionResult, input: string): void {
  expect(annotations.map(({ message }) => message)).toEqual([
    expect.stringMatching(new RegExp(`\\b${input}\\b`)),
  ])
  expect(annotations[0]?.message).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u)
  expect(stdout).not.toMatch(/^\s*::(?:error|set-output)[^:]*::pwned/m)
  expect(stderr).toBe('')
}

const first = (text: string): string => (text.startsWith('{"') ? (text.split('\n')[0] ?? '') : text)
const nested = (count: number): string => '['.repeat(count) + ']'.repeat(count)

/** What no file of ours is, whichever is asked for. */
const NO_FILE: readonly (readonly [string, (valid: string) => string | Buffer | number])[] = [
  ['nothing', () => ''],
  ['null', () => 'null\n'],
  ['a list', () => '[]\n'],
  ['a number beyond all numbers', () => '1e999\n'],
  ['UTF-16', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['half of it', (text) => text.slice(0, 40)],
  ['lists a million deep', () => `${nested(1_000_000)}\n`],
  ['all of it in a prototype', (text) => `{"__proto__":${first(text)}}\n`],
  ['a NUL in it', (text) => text.replace('{', '{\0')],
  ['a gigabyte', () => 2 ** 30],
]

describe('apply-plan is refused before anything is deleted', () => {
  const applied = async (content: string | Buffer | number, start?: Start) => {
    const result = await prune({ 'dry-run': 'false', 'apply-plan': await file(content) }, {}, start)
    expect([result.exitCode, writes]).toEqual([1, []])
    return result
  }

  it.each(NO_FILE)('%s', async (_, make) => {
    expectOneLine(await applied(make(valid.plan), runInProcess), 'apply-plan')
  })

  it.each<[string, (text: string) => string]>([
    [
      'a number in place of a list',
      (text) => text.replace(/"repositories": \[/, '"repositories": 1e308, "x": ['),
    ],
    [
      'control characters in a name',
      (text) => text.replace('acme/api', 'acme/api\\u0000\\n::error::pwned\\u202e'),
    ],
    ['another repository', (text) => text.replace('acme/api', 'acme/other')],
    ['a path upwards', (text) => text.replace('acme/api', 'acme/../api')],
    ['another registry', (text) => text.replace(/127\.0\.0\.1:\d+/, 'evil.example')],
    ['a tag that is a path', (text) => text.replace('"tag": "pr-1"', '"tag": "../../_catalog"')],
    ['a tag twice', (text) => text.replace('"tag": "pr-2"', '"tag": "pr-1"')],
    ['a decision with a line break', (text) => text.replace('"delete"', '"delete\\n::error::pwned\\u202e"')],
  ])('%s', async (_, change) => {
    expectOneLine(await applied(change(valid.plan)), 'plan')
  })

  it.each<[string, (text: string) => string]>([
    ['a digest that the tag does not have', (text) => text.replace(old.manifest.digest, DIGEST)],
    ['a tag to delete that the policy keeps', (text) => text.replaceAll('"keep"', '"delete"')],
  ])('%s: the registry has moved', async (_, change) => {
    const { annotations } = await applied(change(valid.plan))
    expect(annotations[0]?.message).toContain('since the plan was made')
  })
})

describe('undo-file is refused before anything is written', () => {
  const expectNotUndone = async (content: string | Buffer | number, start?: Start) => {
    const result = await run({ mode: 'undo', 'undo-file': await file(content) }, {}, start)
    expect([result.exitCode, writes]).toEqual([1, []])
    expectOneLine(result, 'undo-file')
  }

  it.each(NO_FILE)('%s', async (_, make) => expectNotUndone(make(valid.undo), runInProcess))

  it.each<[string, (text: string) => string]>([
    ['no first line', (text) => text.slice(text.indexOf('\n') + 1)],
    ['an empty line', (text) => text.replace('\n', '\n\n')],
    [
      'control characters in a name',
      (text) => text.replace('acme/api', 'acme/api\\u0000\\n::error::pwned\\u202e'),
    ],
    ['a path upwards', (text) => text.replace('acme/api', 'acme/../api')],
    ['a name with a tag', (text) => text.replace('acme/api', 'acme/api:v9')],
    ['another registry', (text) => text.replace(/127\.0\.0\.1:\d+/, 'evil.example')],
    ['another digest', (text) => text.replaceAll(old.manifest.digest, DIGEST)],
    ['a weak digest', (text) => text.replaceAll(old.manifest.digest, `sha1:${'a'.repeat(40)}`)],
    ['no bytes', (text) => text.replace(/"manifest":"[^"]*"/, '"manifest":""')],
    ['a number for a tag', (text) => text.replace('["pr-1"]', '[1]')],
    ['a path for a tag', (text) => text.replace('["pr-1"]', '["../../blobs/uploads/"]')],
    ['a number beyond all numbers', (text) => text.replace('"tags"', '"versionId":1e999,"tags"')],
  ])('%s', async (_, change) => expectNotUndone(change(valid.undo)))
})

it('an undo file that has a line for each of a great many tags of one digest is read in seconds', async () => {
  const [header = '', ...lines] = valid.undo.split('\n')
  const line = lines.find((each) => each.includes('["pr-1"]')) ?? ''
  const many = Array.from({ length: 20_000 }, (_, index) => line.replace('["pr-1"]', `["pr-${index}"]`))
  const path = await file(`${[header, ...many].join('\n')}\n`)
  const { exitCode, outputs } = await run({ mode: 'undo', 'undo-file': path, image: 'acme/other' })
  expect([exitCode, outputs['restored-count']]).toEqual([0, '0'])
}, 60_000)

describe('report-file, in mode report, is refused', () => {
  const expectNotReported = async (content: string | Buffer | number, start?: Start) => {
    const result = await run({ mode: 'report', 'report-file': await file(content) }, {}, start)
    expect([result.exitCode, result.summary]).toEqual([1, expect.not.stringContaining('✅')])
    expectOneLine(result, 'report-file')
  }

  it.each(NO_FILE)('%s', async (_, make) => expectNotReported(make(valid.report), runInProcess))

  it.each<[string, (text: string) => string]>([
    ['a size beyond all numbers', (text) => text.replace(/"size": ?\d+/, '"size":1e999')],
    ['a negative size', (text) => text.replace(/"size": ?\d+/, '"size":-1')],
    ['a text for a list', (text) => text.replace(/"images": ?\[/, '"images":"x","y":[')],
    [
      'a verdict with a line break',
      (text) => text.replace(/"result": ?"\w+"/, '"result":"pass\\n::error::pwned"'),
    ],
    ['a digest that is a path', (text) => text.replaceAll(shared.manifest.digest, 'sha256:../../x')],
  ])('%s', async (_, change) => expectNotReported(change(valid.report)))
})

describe("a history is never the verdict, and somebody else's file is left alone", () => {
  it.each(NO_FILE.filter(([name]) => !/nothing|half|NUL/.test(name)))('%s', async (_, make) => {
    const line = { at: '2026-11-01T00:00:00Z', commit: 'c', ref: 'refs/heads/main', repository: 'a' }
    const content = make(`${JSON.stringify({ ...line, platform: null, size: 1, digest: DIGEST })}\n`)
    const path = await file(content)
    const result = await size({ 'history-file': path })
    expect(result.outputs['result']).toBe('pass')
    expectOneLine(result, 'history-file')
    expect((await lstat(path)).size).toBe(typeof content === 'number' ? content : Buffer.byteLength(content))
  })

  it('names in it are drawn as text, and sizes beyond all numbers are not', async () => {
    const name = `${registry.host}/acme/api`
    const line = (change: object) =>
      `${JSON.stringify({ at: '2026-11-01T00:00:00Z', commit: 'c', ref: 'refs/heads/main', repository: name, platform: 'linux/amd64', size: 1_000, digest: DIGEST, ...change })}\n`
    const path = await file(
      [
        line({ commit: '<img src=x>@octocat\n::error::pwned' }),
        line({ commit: 'd', ref: 'refs/heads/main\u202E' }),
        line({ commit: 'e', size: 2 ** 60 }),
        line({ commit: 'f', platform: '</svg><script>|`\u202E' }),
        line({ commit: 'g', digest: 'sha256:x' }),
        `{"__proto__":${line({ commit: 'h' }).trim()}}\n`,
      ].join(''),
    )
    const { outputs, summary, stdout } = await size({ 'history-file': path })
    expect(outputs['result']).toBe('pass')
    expect(summary + stdout).not.toMatch(/<img|<script|[^​]@octocat|\u202E|^::error::pwned/m)
  })
})

describe('the payload of the event', () => {
  it.each([...NO_FILE, ['a pipe', () => ''] as const])('is not a reason to fail: %s', async (name, make) => {
    const path = await file(make('{"pull_request":{"number":1}}'))
    if (name === 'a pipe') {
      await rm(path)
      execFileSync('mkfifo', [path])
    }
    const start = name === 'a pipe' || name === 'a gigabyte' ? runAction : runInProcess
    const result = await size({}, { env: { GITHUB_EVENT_PATH: path }, eventName: 'pull_request' }, start)
    expect([result.exitCode, result.outputs['result']]).toEqual([0, 'pass'])
    expectOneLine(result, 'payload of the event')
  })
})

/** What is no plain file, at a path that an input names. */
const PLACES: readonly (readonly [string, (path: string) => unknown])[] = [
  ['a link to a file', (path) => writeFile(`${path}-target`, '').then(() => symlink(`${path}-target`, path))],
  ['a link to nothing', (path) => symlink(`${path}-target`, path)],
  ['a link to itself', (path) => symlink(path, path)],
  ['a pipe', (path) => execFileSync('mkfifo', [path])],
  ['a folder', (path) => mkdir(path)],
]

describe.each(PLACES)('%s is not written to', (_, make) => {
  it.each<[string, (path: string) => Promise<ActionResult>, number]>([
    ['undo-file', (path) => prune({ 'undo-file': path, 'dry-run': 'false' }), 1],
    ['plan-file', (path) => prune({ 'plan-file': path, 'dry-run': 'false' }), 1],
    ['report-file', (path) => size({ 'report-file': path }), 1],
    ['history-file', (path) => size({ 'history-file': path }), 0],
    ['badge-file', (path) => size({ 'badge-file': path }), 0],
  ])('%s', async (input, act, exitCode) => {
    const path = join(await mkdtemp(join(home, 'place-')), 'file')
    await make(path)
    const before = await lstat(path)
    const result = await act(path)
    expect([result.exitCode, writes]).toEqual([exitCode, []])
    expectOneLine(result, input)
    expect((await lstat(path)).ino).toBe(before.ino)
    expect(await readFile(`${path}-target`, 'utf8').catch(() => '')).toBe('')
  })
})

describe('protect-files', () => {
  const lines = (text: string): string => text.repeat(Math.floor(4_900_000 / text.length))
  it.each<[string, string]>([
    ['lists that never end', '['.repeat(4_000_000)],
    ['defaults in defaults', `image: ${'${A:-'.repeat(100_000)}${'}'.repeat(100_000)}`],
    [
      'variables that double',
      Array.from({ length: 60 }, (_, at) => `A${at}=\${A${at + 1}}\${A${at + 1}}`).join('\n'),
    ],
    ['templates', lines('image: x:{{ a }}')],
    ['one long word', 'a/'.repeat(2_400_000)],
    ['NULs and directions', 'image: \0\u202Eacme/api:pr-1\u202E\0\n'],
  ])('are read in seconds, whatever they hold: %s', async (_, text) => {
    const workspace = await mkdtemp(join(home, 'workspace-'))
    await writeFile(join(workspace, 'a.env'), text)
    const { exitCode, durationMs } = await prune({ 'protect-files': '*.env' }, { workspace })
    expect(exitCode).toBe(0)
    expect(durationMs).toBeLessThan(20_000)
  })

  it('of more than some megabytes are refused', async () => {
    const workspace = await mkdtemp(join(home, 'workspace-'))
    await writeFile(join(workspace, 'a.yaml'), ' '.repeat(6_000_000))
    const result = await prune({ 'protect-files': '*.yaml', 'dry-run': 'false' }, { workspace })
    expect([result.exitCode, writes]).toEqual([1, []])
    expectOneLine(result, 'protect-files')
  })

  it.each([
    ['brackets', '['.repeat(10_000)],
    ['many stars', `${'*a'.repeat(8)}b`],
    ['repeated groups', '*(a|aa)b'],
    ['many groups', '@(a|aa)'.repeat(30)],
  ])('are not looked for with patterns that take forever: %s', async (_, pattern) => {
    const workspace = await mkdtemp(join(home, 'workspace-'))
    await writeFile(join(workspace, `${'a'.repeat(200)}.yaml`), 'image: acme/api:pr-1')
    const result = await prune({ 'protect-files': pattern, 'dry-run': 'false' }, { workspace })
    expect([result.exitCode, writes]).toEqual([1, []])
    expectOneLine(result, 'protect-files')
  })
})
