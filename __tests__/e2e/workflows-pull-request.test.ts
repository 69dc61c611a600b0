import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { layer } from '../support/blobs.ts'
import { image, type BuiltImage } from '../support/images.ts'
import { workflowNamed, type Workflow } from '../support/workflow-document.ts'
import { deliver, DEPENDABOT, pullRequest, pushToMain } from '../support/workflow-events.ts'
import type { StepRun, WorkflowRun } from '../support/workflow-runner.ts'
import { startWorld, type World } from '../support/workflow-world.ts'

const MAIN = 'a1'.repeat(20)
const HEADS = ['b2'.repeat(20), 'c3'.repeat(20), 'd4'.repeat(20)] as const
const base = layer('base', 8_000_000, { createdBy: 'FROM debian' })

function workflows(...names: readonly string[]): Workflow[] {
  return names.map(workflowNamed)
}

/** An image whose program has so many bytes. */
function withProgram(bytes: number): BuiltImage {
  return image([base, layer(`program of ${bytes}`, bytes, { createdBy: 'COPY program /app' })])
}

function wardenSteps(runs: readonly WorkflowRun[]): StepRun[] {
  return runs.flatMap(({ jobs }) =>
    jobs.flatMap(({ steps }) => steps.filter(({ action }) => action !== undefined)),
  )
}

function notices(step: StepRun | undefined): readonly string[] {
  return (step?.action?.annotations ?? []).flatMap(({ level, message }) =>
    level === 'notice' ? [message] : [],
  )
}

/** Pull request 7, from a branch of the repository or of a fork, with its head at this commit. */
function push(
  world: World,
  headSha: string,
  images: Record<string, BuiltImage>,
  headRepository = 'acme/api',
  actor?: string,
) {
  const commit = { images }
  return pullRequest(world, {
    number: 7,
    headRepository,
    headBranch: 'feature/x',
    headSha,
    commit,
    baseSha: MAIN,
    ...(actor === undefined ? {} : { actor }),
  })
}

describe('workflow Image', () => {
  const [only] = workflows('Image')

  it('fails and comments when the image grows, and resolves the comment when it shrinks again', async () => {
    const world = await startWorld()
    const on = (event: Parameters<typeof deliver>[2]) => deliver(world, [only!], event)
    const small = withProgram(1_000_000)

    const main = await on(pushToMain(world, MAIN, { images: { '.': small } }))
    expect(main.map(({ conclusion }) => conclusion)).toEqual(['success'])
    expect(world.github.comments).toEqual([])

    const grown = await on(push(world, HEADS[0], { '.': withProgram(5_000_000) }))
    expect(grown.map(({ conclusion }) => conclusion)).toEqual(['failure'])
    const [step] = wardenSteps(grown)
    expect(step?.outputs).toMatchObject({
      result: 'fail',
      exceeded: 'true',
      baseline: `ghcr.io/acme/api:${MAIN}`,
      'baseline-size': String(small.size),
      'size-diff': '4000000',
      'pull-size': expect.stringMatching(/^50\d{5}$/),
      'comment-url': expect.stringContaining('/pull/7#issuecomment-'),
    })
    const [comment, ...others] = world.github.comments
    expect(others).toEqual([])
    expect(comment).toMatchObject({ issue: 7, login: 'github-actions[bot]' })
    expect(comment?.body).toMatch(/^<!-- registry-warden:size:default -->\n### Image size: ❌/)
    expect(comment?.body).toContain('Mostly: `COPY program /app` +3.8')
    expect(comment?.body).toContain('The label `bigger-image` accepts this')
    expect(comment?.body).toContain('<details open>')
    expect(step?.log).toMatch(
      /::error::❌ over limit · .* or set the label "bigger-image" and run the job again/,
    )
    expect(step?.action?.summary).toContain('+3.8 MiB')
    expect(step?.action?.annotations.filter(({ level }) => level === 'error').length).toBeGreaterThan(0)

    const shrunk = await on(push(world, HEADS[1], { '.': small }))
    expect(shrunk.map(({ conclusion }) => conclusion)).toEqual(['success'])
    expect(world.github.comments).toHaveLength(1)
    expect(comment?.body).not.toContain('❌')
    expect(comment?.body).toContain('back to the size of the baseline')
  })

  it('turns the failure into a warning under the label', async () => {
    const world = await startWorld()
    world.github.labels.set(7, ['Bigger-Image'])
    world.seed('acme/api', withProgram(1_000_000), [MAIN])
    const runs = await deliver(world, [only!], push(world, HEADS[0], { '.': withProgram(5_000_000) }))
    expect(wardenSteps(runs)[0]?.outputs).toMatchObject({ result: 'warn', exceeded: 'true' })
    expect(world.github.comments[0]?.body).toContain('bigger-image')
  })

  it('says nothing in a pull request that changes nothing', async () => {
    const world = await startWorld()
    const same = withProgram(1_000_000)
    world.seed('acme/api', same, [MAIN])
    const runs = await deliver(world, [only!], push(world, HEADS[0], { '.': same }))
    expect(wardenSteps(runs)[0]?.outputs).toMatchObject({ result: 'pass', 'size-diff': '0' })
    expect(world.github.log.filter((line) => /^(?:POST \/repos|PATCH|DELETE)/.test(line))).toEqual([])
  })

  it('takes an image without baseline for new', async () => {
    const world = await startWorld()
    const runs = await deliver(world, [only!], push(world, HEADS[0], { '.': withProgram(5_000_000) }))
    const [step] = wardenSteps(runs)
    expect(step?.outputs).toMatchObject({ result: 'pass', baseline: '', 'size-diff': '' })
    expect(notices(step).join()).toContain('has no baseline')
  })

  it.each([
    ['pull-requests', 'success', 'pull-requests: write'],
    ['contents', 'failure', ''],
    ['packages', 'failure', ''],
  ] as const)('needs the permission %s', async (scope, conclusion, warning) => {
    const world = await startWorld()
    world.seed('acme/api', withProgram(1_000_000), [MAIN])
    const without = { ...only!, permissions: { ...only!.permissions, [scope]: 'read' as const } }
    if (scope === 'contents') without.permissions = { ...without.permissions, contents: 'none' }
    const event = push(world, HEADS[0], { '.': withProgram(1_200_000) })
    const runs = await deliver(world, [without], event)
    expect(runs[0]?.conclusion).toBe(conclusion)
    expect(world.github.comments).toEqual([])
    const said = wardenSteps(runs).flatMap(({ action }) => action?.annotations ?? [])
    expect(said.map(({ message }) => message).join('\n')).toContain(warning)
  })
})

describe('workflow Fork size and Fork size comment', () => {
  const FORK = 'mallory/api'

  async function grownInFork(world: World, headRepository = FORK) {
    world.commits.set(MAIN, {})
    world.seed('acme/api', withProgram(1_000_000), [MAIN])
    const event = push(world, HEADS[0], { '.': withProgram(5_000_000) }, headRepository)
    return deliver(world, workflows('Fork size', 'Fork size comment'), event)
  }

  it('comments on the right pull request, only from the second workflow', async () => {
    const world = await startWorld()
    world.github.pullRequests.push({
      number: 3,
      state: 'open',
      headSha: 'e5'.repeat(20),
      headBranch: 'feature/x',
      headRepository: 'eve/api',
    })
    const [first, second] = await grownInFork(world)
    expect(first).toMatchObject({ workflow: 'Fork size', conclusion: 'failure' })
    const [measured] = wardenSteps([first!])
    expect(measured?.outputs).toMatchObject({ result: 'fail', 'size-diff': '4000000', 'comment-url': '' })
    expect(measured?.action?.summary).toContain('+3.8 MiB')
    expect(second).toMatchObject({ workflow: 'Fork size comment', conclusion: 'success' })
    expect(wardenSteps([second!])[0]?.outputs).toMatchObject({ result: 'fail', exceeded: 'true' })
    expect(world.github.comments).toHaveLength(1)
    expect(world.github.comments[0]).toMatchObject({ issue: 7, login: 'github-actions[bot]' })
    expect(world.github.comments[0]?.body).toContain('COPY program /app')
  })

  it('writes nothing with the token of a fork, and says where to look', async () => {
    const world = await startWorld()
    const [first] = workflows('Fork size')
    world.seed('acme/api', withProgram(1_000_000), [MAIN])
    for (const step of first!.jobs['size']!.steps) delete step.with['comment']
    const event = push(world, HEADS[0], { '.': withProgram(5_000_000) }, FORK)
    const [run] = await deliver(world, [first!], event)
    expect(world.github.log.filter((line) => /^(?:POST \/repos|PATCH|DELETE)/.test(line))).toEqual([])
    expect(world.github.comments).toEqual([])
    expect(notices(wardenSteps([run!])[0]).join()).toContain(
      'The whole report is in the job summary, or in the log where there is none',
    )
    expect(world.artifacts.get(run!.id)?.get('size-report')?.has('size-report.json')).toBe(true)
  })

  it('leaves the pull request alone when its head has moved on meanwhile', async () => {
    const world = await startWorld()
    const [first] = workflows('Fork size')
    world.seed('acme/api', withProgram(1_000_000), [MAIN])
    const [second] = workflows('Fork size comment')
    const event = push(world, HEADS[0], { '.': withProgram(5_000_000) }, FORK)
    await deliver(world, [first!], event)
    push(world, HEADS[1], {}, FORK)
    const runs = await deliver(world, [first!, second!], event)
    expect(world.github.comments).toEqual([])
    expect(notices(wardenSteps(runs).at(-1)).join()).toContain('No comment')
  })

  it.each([
    ['of more than 5 MB', () => ' '.repeat(5_000_001)],
    ['that is no JSON', () => '# <!-- registry-warden:size:default -->'],
    ['of another version', (text: string) => changed(text, (report) => ({ ...report, schemaVersion: '1' }))],
    ['with a wrong size', (text: string) => text.replaceAll(/"size":\s*\d+/g, '"size":"big"')],
  ])('refuses a report file %s', async (_, tamper) => {
    const world = await startWorld()
    const [comment] = workflows('Fork size comment')
    const runs = await grownInForkWith(world, tamper)
    expect(runs.at(-1)).toMatchObject({ workflow: comment?.name, conclusion: 'failure' })
    expect(wardenSteps(runs).at(-1)?.log).toMatch(/::error.*report/)
    expect(world.github.comments).toEqual([])
  })

  it('draws what a tampered report says as harmless text, on the pull request of the run', async () => {
    const world = await startWorld()
    await grownInForkWith(world, (text) => {
      const poisoned = text.replaceAll('COPY program /app', '@octocat [x](https://evil) <img src=x>')
      return changed(poisoned, (report) => ({ ...report, number: 3, pullRequest: 3 }))
    })
    expect(world.github.comments.map(({ issue }) => issue)).toEqual([7])
    const body = world.github.comments[0]?.body ?? ''
    expect(body).toContain('@octocat')
    // in code, GitHub neither mentions, links nor embeds
    expect(body.replaceAll(/`[^`\n]*`/g, '')).not.toMatch(/<img|evil|@octocat/)
  })

  /** The first workflow, then the second on a file that was changed in between. */
  async function grownInForkWith(world: World, tamper: (text: string) => string) {
    const set = world.artifacts.set.bind(world.artifacts)
    world.artifacts.set = (run, artifacts) => {
      const file = artifacts.get('size-report')?.get('size-report.json')?.toString() ?? ''
      return set(run, new Map([['size-report', new Map([['size-report.json', Buffer.from(tamper(file))]])]]))
    }
    return grownInFork(world)
  }
})

/** The JSON of a report, changed. */
function changed(text: string, change: (report: object) => object): string {
  return JSON.stringify(change(z.looseObject({}).parse(JSON.parse(text))))
}

describe('workflow Image beside Fork size and Fork size comment', () => {
  const all = workflows('Image', 'Fork size', 'Fork size comment')
  const grown = { '.': withProgram(5_000_000) }

  async function withMain(): Promise<World> {
    const world = await startWorld()
    const runs = await deliver(
      world,
      all,
      pushToMain(world, MAIN, { images: { '.': withProgram(1_000_000) } }),
    )
    expect(conclusions(runs)).toEqual([['Image', 'success']])
    return world
  }

  function conclusions(runs: readonly WorkflowRun[]) {
    return runs.map(({ workflow, conclusion }) => [workflow, conclusion])
  }

  /** Who changed comments: each line one request. */
  function commentWrites({ github }: World): string[] {
    return github.log.filter((line) => /^(?:POST|PATCH|DELETE) \/repos/.test(line))
  }

  it('builds and measures a branch of the repository once, in Image', async () => {
    const world = await withMain()
    const runs = await deliver(world, all, push(world, HEADS[0], grown))
    expect(conclusions(runs)).toEqual([
      ['Image', 'failure'],
      ['Fork size', 'skipped'],
      ['Fork size comment', 'skipped'],
    ])
    expect(wardenSteps(runs)).toHaveLength(1)
    expect(commentWrites(world)).toHaveLength(1)
  })

  it.each([
    ['a fork', 'mallory/api', undefined],
    ['Dependabot', 'acme/api', DEPENDABOT],
  ])('builds and measures what comes from %s once, without any right to write', async (_, from, actor) => {
    const world = await withMain()
    const stored = [...(world.ghcr.store.get('acme/api')?.tags.keys() ?? [])]
    const runs = await deliver(world, all, push(world, HEADS[0], grown, from, actor))
    expect(conclusions(runs)).toEqual([
      ['Image', 'skipped'],
      ['Fork size', 'failure'],
      ['Fork size comment', 'success'],
    ])
    expect([...(world.ghcr.store.get('acme/api')?.tags.keys() ?? [])]).toEqual(stored)
    expect(commentWrites(world)).toHaveLength(1)
    expect(world.github.comments[0]?.body).toContain('+3.8 MiB')
  })

  it('goes on in the same comment when a member pushes to a branch of Dependabot', async () => {
    const world = await withMain()
    await deliver(world, all, push(world, HEADS[0], grown, 'acme/api', DEPENDABOT))
    const runs = await deliver(world, all, push(world, HEADS[1], { '.': withProgram(6_000_000) }))
    expect(conclusions(runs)[0]).toEqual(['Image', 'failure'])
    expect(world.github.comments).toHaveLength(1)
    expect(world.github.comments[0]?.body).toContain('+4.8 MiB')
  })
})

describe('workflow Images', () => {
  it('gives each image its own comment', async () => {
    const world = await startWorld()
    const [matrix] = workflows('Images')
    const small = withProgram(1_000_000)
    await deliver(world, [matrix!], pushToMain(world, MAIN, { images: { api: small, worker: small } }))
    const images = { api: withProgram(5_000_000), worker: withProgram(20_000_000) }
    const [run] = await deliver(world, [matrix!], push(world, HEADS[0], images))
    expect(run?.jobs.map(({ matrix: leg, conclusion }) => [leg['image'], conclusion])).toEqual([
      ['api', 'success'],
      ['worker', 'failure'],
    ])
    expect(world.github.comments.map(({ body }) => body.split('\n', 1)[0])).toEqual([
      '<!-- registry-warden:size:api -->',
      '<!-- registry-warden:size:worker -->',
    ])
    expect(world.github.comments[1]?.body).toContain('+18.1 MiB')
  })
})
