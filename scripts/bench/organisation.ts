import pMap from 'p-map'
import { layer } from '../../__tests__/support/blobs.ts'
import { startEmbeddedRegistry } from '../../__tests__/support/embedded-registry.ts'
import type { EmbeddedRegistry } from '../../__tests__/support/embedded-registry.ts'
import { image } from '../../__tests__/support/images.ts'
import { runAction } from '../../__tests__/support/run-action.ts'
import type { ActionResult } from '../../__tests__/support/run-action.ts'
import { ROUND_TRIP_MS } from './stage.ts'
import { printTime, table } from './table.ts'

const TAGS = 20
const SHARDS = 8
const DAY_MS = 86_400_000

/**
 * An organisation of so many repositories of 20 tags each, a registry without delay and one that is a round
 * trip away: list, the plan of a prune in one job, and in eight. Prints requests and time.
 * @returns whether every run was green and the shards planned what one job plans
 */
export async function benchOrganisation(entry: string, repositories: number): Promise<boolean> {
  let isRight = true
  for (const delayMs of [0, ROUND_TRIP_MS]) {
    const registry = await startEmbeddedRegistry({ delayMs })
    try {
      fill(registry, repositories)
      const { rows, agree } = await measure(registry, entry)
      const where = delayMs === 0 ? 'local' : `${delayMs} ms away`
      console.log(`\n### ${repositories} repositories of ${TAGS} tags, ${where}\n`)
      console.log(table(['', 'requests', 'time'], rows))
      isRight &&= agree
    } finally {
      await registry.stop()
    }
  }
  return isRight
}

/** Two tags of each repository are old enough to go; no layer is anywhere else. */
function fill({ seed }: EmbeddedRegistry, repositories: number): void {
  for (let number = 0; number < repositories; number += 1) {
    const repository = `acme/app-${number}`
    for (let position = 0; position < TAGS; position += 1) {
      const created = new Date(Date.now() - position * 20 * DAY_MS).toISOString()
      seed(repository, image([layer(`${repository} ${position}`, 256)], { created }), [`v${position}`])
    }
  }
}

async function measure(registry: EmbeddedRegistry, entry: string) {
  const run = async (inputs: Readonly<Record<string, string>>): Promise<ActionResult> => {
    const result = await runAction({
      entry,
      inputs: { registry: registry.host, ...inputs },
      timeoutMs: 600_000,
    })
    if (result.exitCode !== 0) throw new Error(`a run failed:\n${result.stdout}${result.stderr}`)
    return result
  }
  const plan = (images: string) => run({ mode: 'prune', image: images, tags: 'v*', 'older-than': '350d' })
  const timed = async <T>(work: () => Promise<T>) => {
    const before = registry.requests.length
    const started = performance.now()
    const value = await work()
    const milliseconds = performance.now() - started
    return { value, row: [(registry.requests.length - before).toLocaleString('en'), printTime(milliseconds)] }
  }

  const list = await timed(() => run({ mode: 'list', image: 'acme/*', shards: String(SHARDS) }))
  const sizes = await timed(() => run({ mode: 'size', image: 'acme/*', tags: 'all' }))
  const whole = await timed(() => plan('acme/*'))
  const shards = shardsIn(list.value)
  const together = await timed(() => pMap(shards, plan))
  const single = await timed(() => plan(shards[0] ?? ''))
  const deleted = (result: ActionResult) => Number(result.outputs['deleted-count'])
  const sum = together.value.reduce((count, result) => count + deleted(result), 0)
  return {
    agree: sum === deleted(whole.value) && sum > 0,
    rows: [
      [`list, ${SHARDS} shards`, ...list.row],
      ['size, one job', ...sizes.row],
      ['prune, one job', ...whole.row],
      [`prune, ${SHARDS} shards at once on this machine`, ...together.row],
      ['prune, one of these shards', ...single.row],
    ],
  }
}

function shardsIn({ outputs }: ActionResult): string[] {
  const { include }: { include: { image: string }[] } = JSON.parse(outputs['matrix'] ?? '')
  return include.map(({ image: images }) => images)
}
