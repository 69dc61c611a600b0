import { describe, expect, it } from 'vitest'
import { filesBelow, textOf } from '../contract/checkout.ts'
import { parseWorkflow, WORKFLOWS } from '../support/workflow-document.ts'
import { byHand, pullRequest } from '../support/workflow-events.ts'
import { condition, evaluate, interpolate, type Scope } from '../support/workflow-expressions.ts'
import { runWorkflow } from '../support/workflow-runner.ts'
import { startWorld } from '../support/workflow-world.ts'

const SHA = 'a'.repeat(40)

describe('expressions', () => {
  const scope: Scope = {
    contexts: {
      github: { event: { pull_request: null, name: 'Push' }, run_id: 7 },
      secrets: {},
      steps: { built: { outputs: { size: '12' } } },
    },
    status: 'success',
  }

  it.each([
    ["github.event.name == 'push'", true],
    ["github.event.name != 'push' || 'other'", 'other'],
    ['github.event.pull_request.head.sha || github.run_id', 7],
    ["github.run_id && 'yes'", 'yes'],
    ['!secrets.TOKEN', true],
    ['!(true && false)', true],
    ["'it''s'", "it's"],
    ['success() && !cancelled()', true],
    ['failure()', false],
  ])('%s is %s', (expression, value) => {
    expect(evaluate(expression, scope)).toBe(value)
  })

  it.each([
    'matrix.image',
    'steps.other.outputs.size',
    'contains(github.run_id, 7)',
    'github.run_id > 6',
    'github.run_id ==',
    "github.run_id == '7'",
    'github["run_id"]',
    '(true',
    'true true',
  ])('%s is refused, not guessed', (expression) => {
    expect(() => evaluate(expression, scope)).toThrow(Error)
  })

  it('fills in texts, what is not there as nothing', () => {
    const text = '${{ github.run_id }}-${{steps.built.outputs.size}}-${{ secrets.NONE }}'
    expect(interpolate(text, scope)).toBe('7-12-')
    expect(() => interpolate('${{ github.event }}', scope)).toThrow('is no text')
  })

  it('lets a condition speak of success only when it does not ask', () => {
    const failed: Scope = { ...scope, status: 'failure' }
    expect(condition('true', failed)).toBe(false)
    expect(condition('${{ always() }}', failed)).toBe(true)
    expect(condition('${{ !cancelled() }}', failed)).toBe(true)
    expect(condition(undefined, scope)).toBe(true)
  })
})

describe('the emulated runner', () => {
  const workflow = (steps: string, rest = '') =>
    parseWorkflow(`
name: test
on: [push, pull_request, workflow_dispatch]
permissions: { contents: read }
jobs:
  test:
    runs-on: ubuntu-latest
    ${rest}
    steps:
      - ${steps}`)

  it.each([
    ['an unknown action', 'uses: acme/unknown@v1'],
    ['an action without a version', 'uses: actions/checkout@main'],
    ['an unknown input', 'uses: docker/setup-buildx-action@v3\n        with: { driver: remote }'],
    ['an unknown command', 'run: curl https://example.com'],
    ['an expression in a script', 'run: echo "${{ github.actor }}"'],
  ])('throws on %s', async (_, step) => {
    const world = await startWorld()
    await expect(runWorkflow(workflow(step), byHand(SHA), world)).rejects.toThrow(Error)
  })

  it.each([
    ['keys that are not known', 'run: echo "a"\n        timeout-minutes: 5', ''],
    ['permissions that are not known', 'run: echo "a"', 'permissions: { issues: write }'],
    ['other runners', 'run: echo "a"', 'container: node'],
  ])('refuses %s', (_, step, rest) => {
    expect(() => workflow(step, rest)).toThrow(Error)
  })

  it('skips steps after a failure, unless they ask to run', async () => {
    const world = await startWorld()
    const failing = workflow(
      'uses: actions/checkout@v6\n        with: { persist-credentials: false }\n' +
        '      - run: echo "skipped"\n      - { if: always(), run: echo "always" }',
    )
    const run = await runWorkflow(failing, byHand(SHA), world)
    expect(run.jobs[0]?.steps.map(({ outcome }) => outcome)).toEqual(['failure', 'skipped', 'success'])
    expect(run.conclusion).toBe('failure')
  })

  it('gives pull requests of forks no secrets and no right to write', async () => {
    const world = await startWorld({ secrets: { TOKEN: 'secret-of-main' } })
    const state = { number: 1, headBranch: 'x', headSha: 'b'.repeat(40), baseSha: SHA, commit: {} }
    const login = workflow(
      "run: echo \"token '$TOKEN'\"\n        env: { TOKEN: '${{ secrets.TOKEN }}' }",
      'permissions: { packages: write }',
    )
    const own = await runWorkflow(login, pullRequest(world, state), world)
    const fork = await runWorkflow(login, pullRequest(world, { ...state, headRepository: 'm/api' }), world)
    expect([own, fork].map(({ jobs }) => jobs[0]?.steps[0]?.log)).toEqual([
      "token 'secret-of-main'",
      "token ''",
    ])
  })

  it('has a test for every workflow of the documents', () => {
    const tests = filesBelow('__tests__/e2e').filter((path) => path.includes('/workflows-'))
    const titles = tests.flatMap((path) => textOf(path).match(/^describe\('workflow .*/gm) ?? []).join('\n')
    const names = [...WORKFLOWS.keys()]
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !titles.includes(name))).toEqual([])
  })
})
