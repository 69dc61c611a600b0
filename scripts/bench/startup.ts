import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAction } from '../../__tests__/support/run-action.ts'
import { statistics } from './measure.ts'
import { printTime, table } from './table.ts'

/** What the bundle may take longer than a Node that runs nothing. */
export const MOST_STARTUP_MS = 120

/**
 * Starts the bundle and an empty module by turns; the bundle reads its inputs, finds that `image` is missing,
 * and ends.
 * @returns whether the difference of the minima is within `MOST_STARTUP_MS`
 */
export async function benchStartup(entry: string, rounds: number): Promise<boolean> {
  const home = await mkdtemp(join(tmpdir(), 'startup-'))
  try {
    const empty = join(home, 'empty.mjs')
    await writeFile(empty, '')
    const times = { empty: [] as number[], bundle: [] as number[] }
    for (let round = 0; round < rounds; round += 1) {
      times.empty.push((await runAction({ entry: empty, inputs: {} })).durationMs)
      times.bundle.push((await runAction({ entry, inputs: {} })).durationMs)
    }
    const [nothing, bundle] = [statistics(times.empty), statistics(times.bundle)]
    const difference = { min: bundle.min - nothing.min, median: bundle.median - nothing.median }
    console.log(`\n### start-up, ${rounds} rounds by turns\n`)
    console.log(
      table(
        ['', 'min', 'median'],
        [
          ['an empty module', printTime(nothing.min), printTime(nothing.median)],
          ['dist/index.js', printTime(bundle.min), printTime(bundle.median)],
          ['difference', printTime(difference.min), printTime(difference.median)],
        ],
      ),
    )
    const within = difference.min <= MOST_STARTUP_MS
    console.log(`\n${within ? 'within' : 'NOT WITHIN'} ${MOST_STARTUP_MS} ms of an empty Node`)
    return within
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}
