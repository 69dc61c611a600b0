import { describe, expect, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { attestation, image, index, type BuiltImage } from '../support/images.ts'
import { workflowNamed, type Workflow } from '../support/workflow-document.ts'
import {
  byHand,
  closedPullRequest,
  deliver,
  DEPENDABOT,
  onSchedule,
  pullRequest,
} from '../support/workflow-events.ts'
import { runWorkflow, type StepRun, type WorkflowRun } from '../support/workflow-runner.ts'
import { startWorld, type World } from '../support/workflow-world.ts'

const SHA = 'a'.repeat(40)

function wardenSteps(run: WorkflowRun | undefined): StepRun[] {
  return (run?.jobs ?? []).flatMap(({ steps }) => steps.filter(({ action }) => action !== undefined))
}

const base = layer('base', 100_000)

/** A multi-arch image with provenance that no other one shares more than its base with. */
function multiArch(name: string): BuiltImage {
  const arm = image([base, layer(`${name} arm`, 4_000)], { platform: 'linux/arm64', created: null })
  const amd = image([base, layer(`${name} amd`, 5_000)], { created: null })
  return index([amd, attestation(amd), arm])
}

/** Twenty commits, one a day and two months old and older; four pull requests; releases. */
function fill(world: World): void {
  world.seed('acme/api', multiArch('v1'), ['v1', 'v1.0', 'latest'], 300)
  for (let age = 20; age > 0; age -= 1) {
    world.seed('acme/api', multiArch(`commit ${age}`), [commitTag(age)], 60 + age)
  }
  for (const [number, age] of [40, 35, 10, 1].entries()) {
    world.seed('acme/api', multiArch(`pull request ${number}`), [`pr-${number}`], age)
  }
}

function commitTag(age: number): string {
  return String(age).padStart(40, '0')
}

function tagsIn(world: World): string[] {
  return [...(world.ghcr.store.get('acme/api')?.tags.keys() ?? [])].toSorted()
}

/** Requests that could change anything, of everything outside. */
function writes(world: World): string[] {
  const toRegistry = world.ghcr.requests.map(({ method, path }) => `${method} ${path}`)
  return [...toRegistry, ...world.packages.requests].filter((line) => /^(?:PUT|POST|PATCH|DELETE)/.test(line))
}

/** Tags that lead to something that is not there. */
function brokenTags(world: World): string[] {
  const repository = world.ghcr.store.get('acme/api')
  if (repository === undefined) throw new Error('the repository is gone')
  return [...repository.tags].flatMap(([tag, digest]) => {
    const manifest = repository.manifests.get(digest)
    const named = manifest?.bytes.toString().match(/sha256:[0-9a-f]{64}/g) ?? []
    const there = (each: string) => repository.manifests.has(each) || repository.blobs.has(each)
    return manifest !== undefined && named.every(there) ? [] : [tag]
  })
}

/** The workflow with `dry-run: false`. */
function forReal(name: string): Workflow {
  const workflow = workflowNamed(name)
  for (const step of Object.values(workflow.jobs).flatMap(({ steps }) => steps)) {
    if ('dry-run' in step.with) step.with['dry-run'] = 'false'
  }
  return workflow
}

const DEPLOYMENT = `kind: Deployment
spec: { template: { spec: { containers: [{ image: 'ghcr.io/acme/api:${commitTag(15)}' }] } } }
`

const files = { 'deploy/production/api.yaml': DEPLOYMENT }

describe('workflow Prune', () => {
  it('deletes nothing as it stands there, and says what it would', async () => {
    const world = await startWorld()
    fill(world)
    const before = tagsIn(world)
    const [run] = await deliver(world, [workflowNamed('Prune')], onSchedule(world, SHA, { files }))
    expect(run?.conclusion).toBe('success')
    expect(writes(world)).toEqual([])
    expect(tagsIn(world)).toEqual(before)
    const [step] = wardenSteps(run)
    expect(step?.outputs).toMatchObject({ result: 'pass', 'dry-run': 'true', 'deleted-count': '13' })
    expect(step?.action?.summary).toContain('dry-run: false')
    expect(step?.action?.summary).toContain('deploy/production/api.yaml')
  })

  it('with dry-run: false deletes what it said, and everything that stays is whole', async () => {
    const world = await startWorld()
    fill(world)
    const real = forReal('Prune')
    world.github.branches.set('maintenance', commitTag(20))
    const event = onSchedule(world, SHA, { files })
    const [run] = await deliver(world, [real], event)
    expect(run?.conclusion).toBe('success')
    expect(wardenSteps(run)[0]?.outputs).toMatchObject({
      result: 'pass',
      'dry-run': 'false',
      'deleted-count': '12',
      'failed-count': '0',
    })
    const undo = world.artifacts.get(run!.id)?.get('undo')?.get('undo.jsonl')?.toString() ?? ''
    expect(undo.match(/"tags":\["[^"]+"\]/g)).toHaveLength(12)
    // the ten newest of what the patterns name, whatever its kind; what is deployed; the head of a branch;
    // what no pattern names
    const commits = [1, 2, 3, 4, 5, 6, 15, 20].map(commitTag)
    const pulls = ['pr-0', 'pr-1', 'pr-2', 'pr-3']
    expect(tagsIn(world)).toEqual([...commits, ...pulls, 'latest', 'v1', 'v1.0'].toSorted())
    expect(brokenTags(world)).toEqual([])
    expect(world.ghcr.store.get('acme/api')?.manifests.size).toBe(tagsIn(world).length * 4 - 2 * 4)

    const [again] = await deliver(world, [real], event)
    expect(wardenSteps(again)[0]?.outputs).toMatchObject({ result: 'pass', 'deleted-count': '0' })
  })

  it('needs packages: write', async () => {
    const world = await startWorld()
    fill(world)
    const real = forReal('Prune')
    real.permissions = { ...real.permissions, packages: 'read' }
    const before = tagsIn(world)
    const [run] = await deliver(world, [real], onSchedule(world, SHA, { files }))
    expect(run?.conclusion).toBe('failure')
    expect(wardenSteps(run)[0]?.log).toContain('packages: write')
    expect(tagsIn(world)).toEqual(before)
  })

  it('refuses to run on a pull request that is open', async () => {
    const world = await startWorld()
    fill(world)
    const commit = { files }
    const state = { number: 1, headBranch: 'x', headSha: 'b'.repeat(40), baseSha: SHA, commit }
    const event = pullRequest(world, state)
    world.commits.set(event.sha, commit)
    const run = await runWorkflow(workflowNamed('Prune'), event, world)
    expect(run.conclusion).toBe('failure')
    expect(wardenSteps(run)[0]?.log).toContain('mode prune does not run on pull_request events')
    expect(world.packages.requests).toEqual([])
  })
})

describe('workflow Undo a prune', () => {
  it('puts back by hand what a run deleted, with the file that it left', async () => {
    const world = await startWorld()
    fill(world)
    const before = tagsIn(world)
    const [pruned] = await deliver(world, [forReal('Prune')], onSchedule(world, SHA, { files }))
    expect(tagsIn(world).length).toBeLessThan(before.length)
    const [run] = await deliver(world, [workflowNamed('Undo a prune')], byHand(SHA, { run: pruned!.id }))
    expect(wardenSteps(run)[0]?.outputs).toMatchObject({ result: 'pass', 'unrestored-count': '0' })
    expect(run?.conclusion).toBe('success')
    expect(tagsIn(world)).toEqual(before)
    expect(brokenTags(world)).toEqual([])
  })
})

describe('workflow Prune after review', () => {
  it('waits for the reviewers, then does what they saw', async () => {
    const world = await startWorld()
    fill(world)
    const before = tagsIn(world)
    const asked: string[] = []
    const [waiting] = await deliver(world, [workflowNamed('Prune after review')], byHand(SHA), {
      approve: (environment) => {
        asked.push(environment)
        return false
      },
    })
    expect(waiting).toMatchObject({ conclusion: 'waiting', jobs: [{ outputs: { deletes: '2' } }, {}] })
    expect(asked).toEqual(['registry'])
    expect(tagsIn(world)).toEqual(before)
    expect(writes(world)).toEqual([])

    const [run] = await deliver(world, [workflowNamed('Prune after review')], byHand(SHA), {
      approve: () => true,
    })
    expect(run?.conclusion).toBe('success')
    expect(wardenSteps(run).at(-1)?.outputs).toMatchObject({ 'deleted-tags': '["pr-0","pr-1"]' })
    expect(tagsIn(world)).toEqual(before.filter((tag) => tag !== 'pr-0' && tag !== 'pr-1'))
    expect(brokenTags(world)).toEqual([])
  })

  it('asks nobody when nothing would go', async () => {
    const world = await startWorld()
    world.seed('acme/api', multiArch('v1'), ['v1', 'pr-9'], 3)
    const [run] = await deliver(world, [workflowNamed('Prune after review')], byHand(SHA))
    expect(run?.jobs.map(({ conclusion }) => conclusion)).toEqual(['success', 'skipped'])
  })

  it('does nothing when the registry has moved between plan and review', async () => {
    const world = await startWorld()
    fill(world)
    const [run] = await deliver(world, [workflowNamed('Prune after review')], byHand(SHA), {
      approve: () => {
        world.seed('acme/api', multiArch('pushed meanwhile'), ['pr-0'])
        return true
      },
    })
    expect(run?.jobs.map(({ conclusion }) => conclusion)).toEqual(['success', 'failure'])
    expect(wardenSteps(run).at(-1)?.log).toMatch(/since the plan was made, pr-0 pointed to/)
    expect(tagsIn(world)).toContain('pr-1')
    expect(writes(world)).toEqual([])
  })
})

const HEAD = 'b'.repeat(40)

describe('workflow Nightly prune', () => {
  /** Two pull requests, one of them closed; a branch and releases, all of them old. */
  async function world(): Promise<World> {
    const started = await startWorld()
    for (const tag of [
      'pr-1',
      'pr-2',
      `sha-${HEAD.slice(0, 7)}`,
      'sha-0000000',
      'v1.2.3',
      '1.2',
      '0.9.0',
      'latest',
    ])
      started.seed('acme/api', multiArch(tag), [tag], 90)
    started.github.pullRequests.push(
      { number: 1, state: 'closed', headSha: SHA, headBranch: 'x', headRepository: 'acme/api' },
      { number: 2, state: 'open', headSha: HEAD, headBranch: 'y', headRepository: 'mallory/api' },
    )
    started.github.branches.set('main', 'c'.repeat(40))
    started.github.releases.push('v1.2.3')
    return started
  }

  it('deletes what nothing alive needs, and says which ref protects a tag', async () => {
    const started = await world()
    const [dry] = await deliver(
      started,
      [workflowNamed('Nightly prune')],
      onSchedule(started, SHA, { files: {} }),
    )
    expect(dry?.conclusion).toBe('success')
    expect(writes(started)).toEqual([])
    const [step] = wardenSteps(dry)
    expect(JSON.parse(step?.outputs?.['deleted-tags'] ?? '')).toEqual(
      expect.arrayContaining(['pr-1', 'sha-0000000', '0.9.0']),
    )
    expect(step?.outputs?.['deleted-count']).toBe('3')
    expect(step?.action?.summary.replaceAll('\u00a0', ' ')).toContain('protected by `open pull request #2`')
    expect(step?.outputs?.['json']).toContain('protect-refs: {release}, release v1.2.3')
  })

  it('deletes nothing where a list may not be read, and names the permission', async () => {
    const started = await world()
    const nightly = forReal('Nightly prune')
    Object.assign(nightly, { permissions: { contents: 'read', packages: 'write' } })
    const [run] = await deliver(started, [nightly], onSchedule(started, SHA, { files: {} }))
    expect(run?.conclusion).toBe('failure')
    expect(wardenSteps(run)[0]?.log).toContain('pull-requests: read')
    expect(writes(started)).toEqual([])
  })
})

describe('workflow Delete the image of a closed pull request', () => {
  const NAME = 'Delete the image of a closed pull request'
  const closed = { number: 7, headBranch: 'pr-1', headSha: HEAD, baseSha: SHA, commit: { files: {} } }

  async function world(): Promise<World> {
    const started = await startWorld()
    started.seed('acme/api', multiArch('one'), ['pr-1'], 1)
    started.seed('acme/api', multiArch('seven'), ['pr-7'], 1)
    return started
  }

  it('deletes that one, by its number', async () => {
    const started = await world()
    const [run] = await deliver(started, [workflowNamed(NAME)], closedPullRequest(started, closed))
    expect(run?.conclusion).toBe('success')
    expect(wardenSteps(run)[0]?.outputs).toMatchObject({ 'deleted-tags': '["pr-7"]', result: 'pass' })
    expect(tagsIn(started)).toEqual(['pr-1'])
  })

  it.each([
    ['a fork', { headRepository: 'mallory/api' }],
    ['Dependabot', { actor: DEPENDABOT }],
  ])('of %s: a notice, and nothing deleted', async (_, whose) => {
    const started = await world()
    const [run] = await deliver(
      started,
      [workflowNamed(NAME)],
      closedPullRequest(started, { ...closed, ...whose }),
    )
    expect(run?.conclusion).toBe('success')
    const [step] = wardenSteps(run)
    expect(step?.outputs).toMatchObject({ result: 'pass', 'deleted-count': '0', 'deleted-tags': '[]' })
    expect(step?.log).toContain('token that only reads')
    expect(tagsIn(started)).toEqual(['pr-1', 'pr-7'])
    expect(writes(started)).toEqual([])
  })
})

describe('workflow Prune the organisation', () => {
  const NAME = 'Prune the organisation'
  const HOST = 'registry.example.com'

  /** Repositories `acme/app-0` and on, with three old tags each; one of another team. */
  async function world(count: number): Promise<World> {
    const started = await startWorld({
      registries: { [HOST]: { accounts: { ci: 'hunter2-hunter2' } } },
      secrets: { REGISTRY_PASSWORD: 'hunter2-hunter2' },
    })
    const { registry } = started.hosts.get(HOST)!
    const seed = (repository: string, tags: readonly string[]) => {
      for (const tag of tags) {
        const created = new Date(Date.now() - 90 * 24 * 3600 * 1000).toISOString()
        registry.seed(repository, image([layer(`${repository} ${tag}`, 500)], { created }), [tag])
      }
    }
    for (let number = 0; number < count; number += 1) seed(`acme/app-${number}`, ['pr-1', 'sha-1', 'v1'])
    if (count > 0) seed('other/app', ['pr-1', 'v1'])
    return started
  }

  function organisation(inputs: Readonly<Record<string, string>> = {}): Workflow {
    const found = workflowNamed(NAME)
    Object.assign(found.jobs['prune']!.steps[0]!.with, {
      'keep-latest': '0',
      'max-delete-percent': '100',
      ...inputs,
    })
    return found
  }

  const tagsOf = (started: World) =>
    Object.fromEntries(
      [...started.hosts.get(HOST)!.registry.store].map(([name, { tags }]) => [
        name,
        [...tags.keys()].toSorted(),
      ]),
    )

  it('plans every repository in one job each, and deletes nothing', async () => {
    const started = await world(10)
    const before = tagsOf(started)
    const [run] = await deliver(started, [organisation()], onSchedule(started, SHA, { files: {} }))
    expect(run?.conclusion).toBe('success')
    const prunes = run?.jobs.filter(({ id }) => id === 'prune') ?? []
    expect(prunes).toHaveLength(8)
    const pruned = prunes.flatMap(({ matrix }) => matrix['image']!.split('\n'))
    const expected = Array.from({ length: 10 }, (_, number) => `${HOST}/acme/app-${number}`)
    expect(pruned.toSorted()).toEqual(expected.toSorted())
    expect(tagsOf(started)).toEqual(before)
  })

  it('with dry-run: false deletes what the plans said, and nothing of another team', async () => {
    const started = await world(9)
    const [run] = await deliver(
      started,
      [organisation({ 'dry-run': 'false' })],
      onSchedule(started, SHA, { files: {} }),
    )
    expect(run?.conclusion).toBe('success')
    const expected = Object.fromEntries(
      Array.from({ length: 9 }, (_, number) => [`acme/app-${number}`, ['v1']]),
    )
    expect(tagsOf(started)).toEqual({ ...expected, 'other/app': ['pr-1', 'v1'] })
  })

  it('starts no job where there is nothing', async () => {
    const started = await world(0)
    const [run] = await deliver(started, [organisation()], onSchedule(started, SHA, { files: {} }))
    expect(run?.jobs.map(({ id, conclusion }) => [id, conclusion])).toEqual([
      ['list', 'success'],
      ['prune', 'skipped'],
    ])
  })

  it('starts no job where the registry refuses the login', async () => {
    const started = await world(3)
    Object.assign(started.secrets, { REGISTRY_PASSWORD: 'wrong-wrong-wrong' })
    const [run] = await deliver(started, [organisation()], onSchedule(started, SHA, { files: {} }))
    expect(run?.conclusion).toBe('failure')
    expect(run?.jobs.map(({ conclusion }) => conclusion)).toEqual(['failure', 'skipped'])
    expect(wardenSteps(run)[0]?.outputs).toMatchObject({ available: 'false', matrix: '{"include":[]}' })
  })
})
