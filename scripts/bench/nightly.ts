import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { layer } from '../../__tests__/support/blobs.ts'
import { startCountingProxy } from '../../__tests__/support/counting-proxy.ts'
import { startDockerRegistry } from '../../__tests__/support/docker-registry.ts'
import { image } from '../../__tests__/support/images.ts'
import { push } from '../../__tests__/support/push.ts'
import { runAction } from '../../__tests__/support/run-action.ts'
import { printTime, table } from './table.ts'

/** Not a round number: a full page might be cut off, and then nothing is pruned. */
const TAGS = 101
const DAY_MS = 86_400_000

/**
 * A prune that finds nothing to delete, as on most nights, with an empty `cache-dir` and again with what that
 * left there. Prints time and requests by kind.
 * @returns whether both runs were green
 */
export async function benchNightly(entry: string): Promise<boolean> {
  const registry = await startDockerRegistry({})
  const proxy = await startCountingProxy(registry.origin)
  const cache = await mkdtemp(join(tmpdir(), 'nightly-'))
  try {
    for (let position = 0; position < TAGS; position += 1) {
      const created = new Date(Date.now() - position * DAY_MS).toISOString()
      await push(
        registry.target('bench/nightly'),
        image([layer(`night ${position}`, 512)], { created }),
        `v${position}`,
      )
    }
    const rows: string[][] = []
    for (const name of ['no cache', 'cold', 'warm']) {
      proxy.reset()
      const result = await runAction({
        entry,
        inputs: {
          mode: 'prune',
          image: `${proxy.host}/bench/nightly`,
          registry: proxy.host,
          tags: 'v*',
          'older-than': '365d',
          ...(name === 'no cache' ? {} : { 'cache-dir': cache }),
        },
      })
      if (result.exitCode !== 0) throw new Error(`the prune failed:\n${result.stdout}${result.stderr}`)
      const count = (test: (request: (typeof proxy.requests)[number]) => boolean) =>
        String(proxy.requests.filter(test).length)
      rows.push([
        name,
        printTime(result.durationMs),
        String(proxy.requests.length),
        count(({ method, path }) => method === 'HEAD' && path.includes('/manifests/')),
        count(({ method, path }) => method === 'GET' && path.includes('/manifests/')),
        count(({ path }) => path.includes('/blobs/')),
      ])
    }
    console.log(`\n### nightly prune of ${TAGS} tags, nothing to delete\n`)
    console.log(table(['', 'time', 'requests', 'manifest HEAD', 'manifest GET', 'blobs'], rows))
    return true
  } finally {
    await proxy.stop()
    await registry.stop()
    await rm(cache, { recursive: true, force: true })
  }
}
