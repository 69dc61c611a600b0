import { describe, expect, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { VENDORS } from '../support/embedded-registry.ts'
import { image, index, type BuiltImage } from '../support/images.ts'
import { workflowNamed } from '../support/workflow-document.ts'
import {
  byHand,
  deliver,
  onSchedule,
  pullRequest,
  pushOfTag,
  pushToMain,
} from '../support/workflow-events.ts'
import { runWorkflow, type StepRun, type WorkflowRun } from '../support/workflow-runner.ts'
import { startWorld } from '../support/workflow-world.ts'

const SHA = 'a'.repeat(40)
const HEAD = 'b'.repeat(40)

/** The steps of this action, in order, over all jobs. */
function wardenSteps(run: WorkflowRun): StepRun[] {
  return run.jobs.flatMap(({ steps }) => steps.filter(({ action }) => action !== undefined))
}

function withLayers(count: number): BuiltImage {
  return image(Array.from({ length: count }, (_, number) => layer(`layer ${number}`, 1_000)))
}

describe('workflow Image size', () => {
  it('measures a public image of Docker Hub without any login', async () => {
    const world = await startWorld({ registries: { 'registry-1.docker.io': { quirks: VENDORS.dockerHub } } })
    const alpine = image([layer('alpine', 3_800_000)])
    world.hosts.get('registry-1.docker.io')?.registry.seed('library/alpine', alpine, ['3.22'])
    const [run] = await deliver(world, [workflowNamed('Image size')], pushToMain(world, SHA, {}))
    expect(run?.conclusion).toBe('success')
    expect(wardenSteps(run!)[0]).toMatchObject({
      outputs: { result: 'pass', size: String(alpine.size), exceeded: 'false', 'comment-url': '' },
      action: { summary: expect.stringContaining('library/alpine:3.22') },
    })
  })
})

describe('workflow Image size in GHCR', () => {
  it('measures a private image of GHCR with no login in the workflow', async () => {
    const world = await startWorld()
    const both = index([withLayers(2), image([layer('arm', 9_000)], { platform: 'linux/arm64' })])
    world.seed('acme/api', both, ['latest'])
    const [run] = await deliver(world, [workflowNamed('Image size in GHCR')], byHand(SHA))
    expect(run?.conclusion).toBe('success')
    expect(wardenSteps(run!)[0]?.outputs).toMatchObject({ result: 'pass', size: String(both.size) })
  })
})

describe('workflow Image limit', () => {
  const verdicts: readonly (readonly [string, BuiltImage, string, string, string])[] = [
    ['passes', withLayers(3), 'success', 'pass', 'Image size: ✅'],
    ['fails with too many layers', withLayers(41), 'failure', 'fail', 'Image size: ❌'],
  ]

  it.each(verdicts)(
    '%s, on a pull request from a fork too',
    async (_, built, conclusion, result, heading) => {
      const world = await startWorld()
      const event = pullRequest(world, {
        number: 4,
        headRepository: 'mallory/api',
        headBranch: 'patch-1',
        headSha: HEAD,
        baseSha: SHA,
        commit: {},
      })
      world.commits.set(event.sha, { images: { '.': built } })
      const run = await runWorkflow(workflowNamed('Image limit'), event, world)
      expect(run.conclusion).toBe(conclusion)
      const [step] = wardenSteps(run)
      expect(step?.outputs).toMatchObject({ result, size: String(built.size) })
      expect(step?.action?.summary).toContain(heading)
      expect(world.github.comments).toEqual([])
    },
  )
})

describe('workflow Image never pushed', () => {
  it('measures the archive that BuildKit wrote', async () => {
    const world = await startWorld()
    const built = index([withLayers(2), image([layer('arm', 9_000)], { platform: 'linux/arm64' })])
    const event = pullRequest(world, { number: 1, headBranch: 'x', headSha: HEAD, baseSha: SHA, commit: {} })
    world.commits.set(event.sha, { images: { '.': built } })
    const run = await runWorkflow(workflowNamed('Image never pushed'), event, world)
    expect(run.conclusion).toBe('success')
    expect(wardenSteps(run)[0]?.outputs).toMatchObject({
      size: String(built.size),
      'unique-size': String(built.uniqueSize),
      digest: built.manifest.digest,
    })
  })
})

describe('workflow Registry weight', () => {
  it('weighs every tag but the excluded ones, and hands the bytes on', async () => {
    const world = await startWorld()
    const [first, second] = [withLayers(2), withLayers(3)]
    world.seed('acme/api', first, ['v1'])
    world.seed('acme/api', second, ['v2', 'v2-slim'])
    world.seed('acme/api', withLayers(9), ['pr-7', 'sha-1234567'])
    const [run] = await deliver(world, [workflowNamed('Registry weight')], onSchedule(world, SHA, {}))
    expect(run?.conclusion).toBe('success')
    const [step] = wardenSteps(run!)
    const stored = new Map(
      [first, second].flatMap(({ blobs }) => blobs.map((each) => [each.digest, each.bytes])),
    )
    const bytes = [...stored.values()].reduce((sum, { length }) => sum + length, 0)
    expect(step?.outputs).toMatchObject({ result: 'pass', 'unique-size': String(bytes) })
    expect(step?.action?.summary).not.toContain('pr-7')
    expect(run?.jobs[0]?.steps.at(-1)?.log).toBe(`The registry stores ${bytes} bytes`)
  })

  it('needs packages: read', async () => {
    const world = await startWorld()
    world.seed('acme/api', withLayers(1), ['v1'])
    const without = { ...workflowNamed('Registry weight'), permissions: {} }
    const run = await runWorkflow(without, onSchedule(world, SHA, {}), world)
    expect(run.conclusion).toBe('failure')
    expect(wardenSteps(run)[0]?.log).toMatch(/::error.*ghcr\.io\/acme\/api/)
  })
})

describe('workflow Private image', () => {
  it('reads with the credentials of the inputs, and with those of a login action', async () => {
    const world = await startWorld({
      registries: {
        'registry.example.com': { accounts: { reader: 'first-password' } },
      },
      secrets: {
        REGISTRY_USERNAME: 'reader',
        REGISTRY_PASSWORD: 'first-password',
      },
    })
    const both = index([withLayers(2), image([layer('arm', 9_000)], { platform: 'linux/arm64' })])
    for (const name of ['api', 'worker']) {
      world.hosts.get('registry.example.com')?.registry.seed(`team/${name}`, both, ['v1'])
    }
    world.seed('acme/api', withLayers(4), ['v1'])
    const [run] = await deliver(world, [workflowNamed('Private image')], byHand(SHA))
    expect(wardenSteps(run!).map(({ outcome, outputs }) => [outcome, outputs?.['total-size']])).toEqual([
      ['success', String(2 * both.totalSize)],
      ['success', String(withLayers(4).size)],
    ])
  })
})

describe('workflow Size history', () => {
  it('adds a line with each push, and draws them', async () => {
    const world = await startWorld()
    const history = workflowNamed('Size history')
    for (const [count, sha] of [SHA, HEAD].entries()) {
      world.seed('acme/api', withLayers(2 + count), ['main'])
      const [run] = await deliver(world, [history], pushToMain(world, sha, {}))
      expect(run?.conclusion).toBe('success')
    }
    const lines = [...world.cache.values()].at(-1)?.toString().trim().split('\n') ?? []
    expect(lines.map((line) => line.match(/"commit":"(\w+)"/)?.[1])).toEqual([SHA, HEAD])
  })
})

describe('workflow Release image', () => {
  const release = async (count: number) => {
    const world = await startWorld()
    const built = withLayers(count)
    const workflow = workflowNamed('Release image')
    const step = workflow.jobs['image']?.steps.at(-1)
    if (step === undefined) throw new Error('the job has steps')
    step.with['max-size'] = step.with['max-size']?.replace('300MiB', '5kB').replace('320MiB', '6kB') ?? ''
    const event = pushOfTag(world, 'v1.4.2', SHA, { images: { '.': built } })
    const [run] = await deliver(world, [workflow], event)
    return { run: run!, warden: wardenSteps(run!)[0]!, built }
  }

  it('measures the image once, in one row with all its names', async () => {
    const { run, warden, built } = await release(2)
    expect(run.conclusion).toBe('success')
    expect(warden.outputs).toMatchObject({ result: 'pass', 'total-size': String(built.size) })
    const rows = warden.action?.summary.match(/^\| .*linux\/amd64.*$/gm) ?? []
    expect(rows).toHaveLength(1)
    for (const tag of ['1.4.2', '1.4', '1', 'latest']) expect(rows[0]).toContain(`\`${tag}\``)
  })

  it('tells a breach once, by the strictest of the rules of its names', async () => {
    const { run, warden } = await release(8)
    expect(run.conclusion).toBe('failure')
    expect(warden.log?.match(/::error/g)).toHaveLength(1 + 1) // the breach, and why the step is red
    expect(warden.log).toContain('rule "latest = 5kB"')
    expect(warden.action?.summary).toMatch(/^### Image size: ❌ over limit/)
  })
})

describe('workflow Image by digest', () => {
  it('measures what was built, whatever the tag names by then', async () => {
    const world = await startWorld()
    const built = withLayers(3)
    const event = pushToMain(world, SHA, { images: { '.': built } })
    const [run] = await deliver(world, [workflowNamed('Image by digest')], event)
    expect(run?.conclusion).toBe('success')
    expect(wardenSteps(run!)[0]?.outputs).toMatchObject({
      result: 'pass',
      size: String(built.size),
      digest: built.manifest.digest,
    })
  })
})
