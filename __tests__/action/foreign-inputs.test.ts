import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readWhole } from '../../src/action/files.ts'
import { parseInputs } from '../../src/action/inputs.ts'
import { lineOf } from '../support/refusal.ts'

function parse(inputs: Record<string, string>, isGitea = true) {
  return parseInputs((name) => inputs[name] ?? '', Object.keys(inputs), isGitea)
}

const PRUNE = { mode: 'prune', image: 'ghcr.io/acme/api', tags: 'pr-*' }

describe("where a composite action's inputs reach ours", () => {
  it.each([
    ['a name like ours', { 'max-sise': '1' }],
    ['a name like none', { environment: 'prod' }],
    ['an input of another mode', { 'keep-latest': '3' }],
  ])('%s only warns', (_, foreign) => {
    const { common } = parse({ image: 'ghcr.io/acme/api', ...foreign })
    expect(common.warnings).toEqual([
      expect.stringContaining(`not inputs of this action: ${Object.keys(foreign)[0]}`),
    ])
  })

  it('is not an excuse on GitHub', () => {
    expect(lineOf(() => parse({ image: 'acme/api', 'max-sise': '1' }, false))).toContain(
      'unknown input max-sise',
    )
    expect(lineOf(() => parse({ image: 'acme/api', 'keep-latest': '3' }, false))).toContain(
      'belongs to mode prune',
    )
  })

  it('names like none are warned of on GitHub, too, and hold back a real prune', () => {
    const wrong = { 'protect-tags': 'v*', 'skip-tags': 'main' }
    const said = 'not inputs of this action: protect-tags, skip-tags; they have no effect'
    expect(parse({ image: 'acme/api', ...wrong }, false).common.warnings).toEqual([said])
    expect(parse({ ...PRUNE, ...wrong }, false).common.warnings).toEqual([said])
    expect(lineOf(() => parse({ ...PRUNE, ...wrong, 'dry-run': 'false' }, false))).toMatch(
      /inputs that are not its own \(protect-tags, skip-tags\)\. Remove them from with:, or rename the variable INPUT_PROTECT-TAGS/,
    )
    expect(parse({ ...PRUNE, ...wrong, 'dry-run': 'false', 'max-deletes': '5' }, false).mode).toBe('prune')
  })

  it.each([{ environment: 'prod' }, { 'max-size': '1MiB' }])(
    'a real prune beside %j is refused',
    (foreign) => {
      expect(lineOf(() => parse({ ...PRUNE, ...foreign, 'dry-run': 'false' }))).toMatch(
        /dry-run is false, but .* confirm with max-deletes or apply-plan/,
      )
    },
  )

  it.each([
    ['a dry run', { environment: 'prod' }],
    ['max-deletes', { environment: 'prod', 'dry-run': 'false', 'max-deletes': '10' }],
    ['apply-plan', { environment: 'prod', 'dry-run': 'false', 'apply-plan': 'plan.json' }],
    ['nothing foreign', { 'dry-run': 'false' }],
  ])('%s goes on', (_, inputs) => {
    expect(parse({ ...PRUNE, ...inputs }).mode).toBe('prune')
  })
})

describe('a file that an input names', () => {
  it('is a plain file of bounded size', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warden-files-'))
    await promisify(execFile)('mkfifo', [join(folder, 'pipe')])
    for (const path of [join(folder, 'pipe'), '/dev/zero', folder, join(folder, 'none')]) {
      await expect(readWhole(path, 1000, 'ca-file')).rejects.toThrow(`input ca-file: ${path} cannot be read`)
    }
    await rm(folder, { recursive: true })
  })
})
