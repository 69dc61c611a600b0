import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAction } from '../../__tests__/support/run-action.ts'
import { statistics } from './measure.ts'
import { printTime, table } from './table.ts'

/** What the bundle may take longer than a Node that runs nothing. */
const MOST_STARTUP_MS = 70

interface Starter {
  readonly name: string
  readonly entry: string
  readonly wall: number[]
  /** processor time of all runs, user and system */
  processor: number
}

/**
 * Starts the bundle, one to compare it with, and an empty module by turns; a bundle reads its inputs, finds
 * that there is no such mode, and ends.
 * @param against another bundle; null: none
 * @returns whether the difference of the minima is within `MOST_STARTUP_MS`
 */
export async function benchStartup(entry: string, against: string | null, rounds: number): Promise<boolean> {
  const home = await mkdtemp(join(tmpdir(), 'startup-'))
  try {
    const file = join(home, 'empty.mjs')
    await writeFile(file, '')
    const empty = starter('an empty module', file)
    const bundle = starter('dist/index.js', entry)
    const others = against === null ? [] : [starter(against, against)]
    const all = [empty, bundle, ...others]
    for (let round = 0; round < rounds; round += 1) for (const each of all) await time(each)
    return printStartup(empty, [bundle, ...others], rounds)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

function starter(name: string, entry: string): Starter {
  return { name, entry, wall: [], processor: 0 }
}

async function time(starting: Starter): Promise<void> {
  const before = await childrenTime()
  starting.wall.push((await runAction({ entry: starting.entry, inputs: { mode: 'nonsense' } })).durationMs)
  starting.processor += (await childrenTime()) - before
}

/**
 * Milliseconds of processor time of every process that this one started and that has ended, in ticks of 10
 * ms.
 */
async function childrenTime(): Promise<number> {
  const status = await readFile('/proc/self/stat', 'utf8').catch(() => '')
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) * 10
}

function printStartup(empty: Starter, bundles: readonly Starter[], rounds: number): boolean {
  const nothing = statistics(empty.wall)
  const rows = [empty, ...bundles].flatMap((starting) => {
    const { min, median } = statistics(starting.wall)
    const all = [min, median, starting.processor / rounds]
    const less = [min - nothing.min, median - nothing.median, (starting.processor - empty.processor) / rounds]
    const row = [starting.name, ...all.map(printTime)]
    return starting === empty ? [row] : [row, ['less an empty module', ...less.map(printTime)]]
  })
  console.log(`\n### start-up, mode: nonsense, ${rounds} rounds by turns\n`)
  console.log(table(['', 'min', 'median', 'processor, mean'], rows))
  const [bundle] = bundles
  const within = bundle !== undefined && statistics(bundle.wall).min - nothing.min <= MOST_STARTUP_MS
  console.log(`\n${within ? 'within' : 'NOT WITHIN'} ${MOST_STARTUP_MS} ms of an empty Node`)
  return within
}
