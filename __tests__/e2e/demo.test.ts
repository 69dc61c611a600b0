import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { visibleWidth } from '../../scripts/demo/lines.ts'
import type { ShopImage } from '../../scripts/demo/shop-images.ts'
import { differences, yamlOf, type Step } from '../../scripts/demo/step.ts'
import { expectGone, expectWhole } from '../../scripts/demo/survival.ts'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry, type EmbeddedRegistry } from '../support/embedded-registry.ts'
import { image, index } from '../support/images.ts'

const run = promisify(execFile)
const DEMO = fileURLToPath(new URL('../../scripts/demo.ts', import.meta.url))

describe('npm run demo', () => {
  let output = ''
  let steps: readonly string[] = []

  beforeAll(async () => {
    // the demo itself compares every number with what it pushed, and ends with an error when one differs
    const env = { ...process.env, NO_COLOR: '1', COLUMNS: '80' }
    const { stdout, stderr } = await run(process.execPath, [DEMO], { env })
    output = stdout + stderr
    steps = stdout.split(/^━━ (?=\d+\/\d+ )/m).slice(1)
  })

  it('tells its story in eleven steps, each with its inputs and its exit code', () => {
    expect(steps.map((step) => step.split(' ━')[0])).toEqual([
      '1/11 · Does the registry answer, and what is in it?',
      '2/11 · A size check that passes',
      '3/11 · A size check over its limit',
      '4/11 · All tags of a repository, and what sharing layers saves',
      '5/11 · A pull request makes the image heavier: the comment it gets',
      '6/11 · The next push is as light as before: the same comment, updated',
      '7/11 · A prune plan: nothing is deleted until you say so',
      '8/11 · The same plan, carried out',
      '9/11 · A second run finds nothing to do',
      '10/11 · Taken back: what was deleted is there again',
      '11/11 · On the registry’s own disk: pruned, and its garbage collected',
    ])
    expect(steps.map((step) => /^exit code (\d)/m.exec(step)?.[1]).join('')).toBe('00101000000')
    for (const step of steps) expect(step).toContain('- uses: registry-warden/registry-warden@v0\n  with:\n')
  })

  it('fits the terminal and shows no colour where none is wanted', () => {
    expect(output.split('\n').filter((line) => visibleWidth(line) > 80)).toEqual([])
    expect(output).not.toContain('\u001B')
  })

  it.each([
    [1, 'List: 3 repositories', /Credentials ✅ pass .* takes the login as user/],
    [2, 'Image size: ✅ within limit', /linux\/amd64 33\.9 MiB .* ✅ pass/],
    [3, 'Image size: ❌ 1 of 2 over limit', /error: \S+ linux\/amd64: 42\.3 MiB is 2\.3 MiB over/],
    [4, 'Sharing saves', /2\.1\.0 █+ 42\.3 MiB/],
    [5, 'github-actions[bot] commented on pull request #128', /added \+4\.2 MiB COPY fonts/],
    [6, 'github-actions[bot] commented on pull request #128', /Image size: ✅/],
    [7, 'would delete 6 and untag 1 of 18 tags', /pr-223 untag .* shared/],
    [7, 'dry-run: false', /✅ The registry saw no write: \d+ (?:GET|HEAD)/],
    [7, '11 tags kept, and why', /pr-219 age unknown/],
    [8, 'deleted 6 and untagged 1 of 18 tags', /pr-209 deleted /],
    [
      8,
      '✅ Asked by plain requests: 11 tags and 1 of a signature',
      /✅ 7 tags and 1 of a signature are gone/,
    ],
    [9, 'nothing to delete', /saw no write: .*What was to stay is still there/],
    [11, 'swept 48 blobs that nothing references (52.9 MiB)', /du -sk says [\d,]+ KiB; before, du -sk says/],
    [11, 'Undo has ended', /✅ The files are 55,462,214 bytes less: reclaimed-bytes, to the byte/],
  ])('shows in step %i: %s', (number, words, more) => {
    const text = steps[number - 1]?.replaceAll(/\s+/g, ' ')
    expect(text).toContain(words)
    expect(text).toMatch(more)
  })
})

describe('a step of the demo', () => {
  const step: Step = { title: 'a', inputs: {}, exitCode: 0, outputs: { size: '7' } }
  const result = {
    exitCode: 0,
    stdout: '',
    stderr: '',
    outputs: { size: '7', result: 'pass' },
    summary: '',
    annotations: [],
    masks: [],
    state: {},
    durationMs: 1,
  }

  it('is right when everything that it names comes out', () => {
    expect(differences(step, result)).toEqual([])
  })

  it.each([
    [{ exitCode: 1 }, 'exit code is 1 instead of 0'],
    [{ exitCode: null }, 'exit code is null instead of 0'],
    [{ stderr: 'oh' }, 'stderr is oh instead of '],
    [{ outputs: { size: '8' } }, 'size is 8 instead of 7'],
    [{ outputs: {} }, 'size is missing instead of 7'],
  ])('is wrong with %j', (change, expected) => {
    expect(differences(step, { ...result, ...change })).toEqual([expected])
  })

  it('is shown as one writes it', () => {
    const inputs = {
      'max-size': '* = 40MiB\nb = 3MiB',
      baseline: ':main',
      'keep-latest': '3',
      'dry-run': 'false',
    }
    expect(yamlOf(inputs)).toBe(
      '- uses: registry-warden/registry-warden@v0\n  with:\n    max-size: |\n      * = 40MiB\n      b = 3MiB\n' +
        '    baseline: :main\n    keep-latest: 3\n    dry-run: false\n',
    )
  })
})

describe('what the demo checks after a deletion', () => {
  const child = image([layer('base', 4_000), layer('app', 2_000)])
  const old = image([layer('base', 4_000), layer('old', 2_000)])
  const kept = index([child])
  const shop: readonly ShopImage[] = [
    { kept: ['v1', 'latest'], gone: ['pr-2'], stays: true, image: kept },
    { kept: [], gone: ['pr-1'], stays: false, image: index([old, child]) },
  ]
  const repository = 'acme/shop'
  let registry: EmbeddedRegistry

  beforeEach(async () => {
    registry = await startEmbeddedRegistry()
    registry.seed(repository, kept, ['v1', 'latest'])
    return () => registry.stop()
  })

  it('passes when all is as it should be', async () => {
    const target = registry.target(repository)
    expect(await expectWhole(target, shop)).toContain('2 tags and 0 of a signature')
    expect(await expectGone(target, shop)).toContain('2 manifests')
  })

  it.each([
    ['a tag', () => registry.store.get(repository)?.tags.delete('latest'), 'latest names 404'],
    [
      'a child',
      () => registry.store.get(repository)?.manifests.delete(child.manifest.digest),
      'is lost: 404',
    ],
    ['a blob', () => registry.store.get(repository)?.blobs.delete(child.blobs[1]!.digest), 'is lost: 404'],
    ['a moved tag', () => registry.seed(repository, old, ['v1']), `v1 names ${old.manifest.digest}`],
  ])('notices %s that is lost', async (_, lose, message) => {
    lose()
    await expect(expectWhole(registry.target(repository), shop)).rejects.toThrow(message)
  })

  it('notices what is still there', async () => {
    registry.seed(repository, old)
    await expect(expectGone(registry.target(repository), shop)).rejects.toThrow('is still there: 200')
  })
})
