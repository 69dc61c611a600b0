import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { workflowNamed } from '../../__tests__/support/workflow-document.ts'
import {
  byHand,
  deliver,
  onSchedule,
  pullRequest,
  pushToMain,
} from '../../__tests__/support/workflow-events.ts'
import type { WorkflowRun } from '../../__tests__/support/workflow-runner.ts'
import { startWorld, type World } from '../../__tests__/support/workflow-world.ts'
import { drawPage } from './chromium.ts'
import { pageOf } from './page.ts'
import { service } from './shop.ts'

const DOCS = join(import.meta.dirname, '../../docs')
const DAY = 24 * 3600 * 1000
const MAIN = '7d20c1e5a94b3f6081d2c7e95b4a60f3d81e2c97'
const HEAD = '3f786850e387550fdab836ed7e6dc881de23001b'

async function draw(name: string, markdown: string | undefined): Promise<void> {
  if (markdown === undefined) throw new Error(`there is nothing to draw for ${name}`)
  await drawPage(pageOf(markdown, 'light'), join(DOCS, `${name}.png`))
  await drawPage(pageOf(markdown, 'dark'), join(DOCS, `${name}-dark.png`))
}

function summaryOf(runs: readonly WorkflowRun[]): string | undefined {
  const steps = runs.flatMap(({ jobs }) => jobs.flatMap((job) => job.steps))
  return steps.find(({ action }) => action !== undefined)?.action?.summary
}

const daysAgo = (days: number) => new Date(Date.now() - days * DAY).toISOString()

it('the comment of a pull request that adds fonts', async () => {
  const world = await startWorld()
  const before = service({ source: 'main', application: 3.1, created: daysAgo(2) })
  await deliver(world, [workflowNamed('Image')], pushToMain(world, MAIN, { images: { '.': before } }))
  const after = service({ source: 'fonts', application: 3.2, fonts: 17.4, created: daysAgo(0) })
  const event = pullRequest(world, {
    number: 42,
    headBranch: 'fonts',
    headSha: HEAD,
    baseSha: MAIN,
    commit: { images: { '.': after } },
  })
  const runs = await deliver(world, [workflowNamed('Image')], event)
  expect(runs.map(({ conclusion }) => conclusion)).toEqual(['failure'])
  await draw('comment', world.github.comments[0]?.body)
})

it('the summary of a size', async () => {
  const world = await startWorld()
  world.seed('acme/api', service({ source: 'main', application: 3.1, created: daysAgo(2) }), [
    'latest',
    'main',
  ])
  const runs = await deliver(world, [workflowNamed('Image size in GHCR')], byHand(MAIN))
  expect(runs.map(({ conclusion }) => conclusion)).toEqual(['success'])
  await draw('summary', summaryOf(runs))
})

/** Releases, a commit every few days, and a pull request every week, some of them closed. */
function fill(world: World): void {
  const release = service({ source: 'v1.4.0', application: 3, created: daysAgo(90) })
  world.seed('acme/api', release, ['v1.4.0', 'v1.4', 'latest'], 90)
  for (let count = 0; count < 14; count += 1) {
    const age = 3 + 4 * count
    const built = service({ source: `commit ${count}`, application: 3, created: daysAgo(age) })
    world.seed('acme/api', built, [commitTag(count)], age)
  }
  for (const [place, number] of [198, 201, 209, 215, 226].entries()) {
    const age = 80 - 18 * place
    const built = service({ source: `pr ${number}`, application: 4, created: daysAgo(age) })
    world.seed('acme/api', built, [`pr-${number}`], age)
  }
}

const commitTag = (count: number) => createHash('sha1').update(`commit ${count}`).digest('hex')

it('the plan of a nightly prune', async () => {
  const world = await startWorld()
  fill(world)
  const deployment = `kind: Deployment
spec: { template: { spec: { containers: [{ image: 'ghcr.io/acme/api:${commitTag(12)}' }] } } }
`
  world.github.pullRequests.push({
    number: 209,
    state: 'open',
    headSha: commitTag(1),
    headBranch: 'search',
    headRepository: 'acme/api',
  })
  const event = onSchedule(world, MAIN, { files: { 'deploy/production/api.yaml': deployment } })
  const runs = await deliver(world, [workflowNamed('Prune')], event)
  expect(runs.map(({ conclusion }) => conclusion)).toEqual(['success'])
  await draw('prune', summaryOf(runs))
})
