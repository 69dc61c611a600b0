import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAction } from '../../__tests__/support/run-action.ts'
import { statistics } from './measure.ts'
import { printTime, table } from './table.ts'

/** What the bundle may take longer than a Node that runs nothing. */
const MOST_STARTUP_MS = 120

interface Times {
  readonly wall: number[]
  /** processor time of all runs, user and system */
  processor: number
}

/**
 * Starts the bundle and an empty module by turns; the bundle reads its inputs, finds that there is no such mode,
 * and ends.
 * @returns whether the difference of the minima is within `MOST_STARTUP_MS`
 */
export async function benchStartup(entry: string, rounds: number): Promise<boolean> {
  const home = await mkdtemp(join(tmpdir(), 'startup-'))
  try {
    const empty = join(home, 'empty.mjs')
    await writeFile(empty, '')
    const times = { empty: { wall: [], processor: 0 }, bundle: { wall: [], processor: 0 } }
    for (let round = 0; round < rounds; round += 1) {
      await time(times.empty, empty)
      await time(times.bundle, entry)
    }
    return printStartup(times.empty, times.bundle, rounds)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

async function time(times: Times, entry: string): Promise<void> {
  const before = await childrenTime()
  times.wall.push((await runAction({ entry, inputs: { mode: 'nonsense' } })).durationMs)
  times.processor += (await childrenTime()) - before
}

/** Milliseconds of processor time of every process that this one started and that has ended, in ticks of 10 ms. */
async function childrenTime(): Promise<number> {
  const status = await readFile('/proc/self/stat', 'utf8').catch(() => '')
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) * 10
}

function printStartup(empty: Times, bundle: Times, rounds: number): boolean {
  const [nothing, started] = [statistics(empty.wall), statistics(bundle.wall)]
  const processor = [empty, bundle].map((times) => times.processor / rounds)
  const [idle = 0, busy = 0] = processor
  console.log(`\n### start-up, ${rounds} rounds by turns\n`)
  const row = (name: string, wall: readonly number[], cpu: number) => [
    name,
    ...wall.map(printTime),
    printTime(cpu),
  ]
  console.log(
    table(
      ['', 'min', 'median', 'processor, mean'],
      [
        row('an empty module', [nothing.min, nothing.median], idle),
        row('dist/index.js, mode: nonsense', [started.min, started.median], busy),
        row('difference', [started.min - nothing.min, started.median - nothing.median], busy - idle),
      ],
    ),
  )
  const within = started.min - nothing.min <= MOST_STARTUP_MS
  console.log(`\n${within ? 'within' : 'NOT WITHIN'} ${MOST_STARTUP_MS} ms of an empty Node`)
  return within
}
