import { CONCURRENCY, curl, skopeo, warden, type Contestant } from './contestants.ts'
import { statistics, type Sample } from './measure.ts'
import { judgeRequests, type Verdict } from './request-law.ts'
import { ROUND_TRIP_MS, startStage, type Lane, type Stage, type Workload } from './stage.ts'
import { printMemory, printTime, table } from './table.ts'

export interface SizeBenchOptions {
  readonly entry: string
  readonly tagCount: number
  readonly rounds: number
  /** tags that skopeo inspects of the many */
  readonly skopeoSample: number
}

/** What one contestant did on one lane of one workload. */
interface Result {
  readonly contestant: Contestant
  readonly lane: Lane
  readonly samples: Sample[]
  /** counted on the far lane, in the last round */
  requests: number | null
}

/**
 * Measures three workloads by three programs, ours twice, on two lanes and prints a table of each.
 * @returns whether registry-warden asked for exactly what it had to, everywhere
 */
export async function benchSizes(options: SizeBenchOptions): Promise<boolean> {
  const stage = await startStage(options.tagCount)
  try {
    const contestants = [
      warden(options.entry, options.rounds, 'auto'),
      warden(options.entry, options.rounds, CONCURRENCY),
      await curl(stage, options.rounds),
      await skopeo(options.skopeoSample, options.rounds),
    ]
    const verdicts: boolean[] = []
    for (const workload of stage.workloads) verdicts.push(await benchWorkload(stage, workload, contestants))
    console.log(`\n${contestants.flatMap(({ note }) => (note === null ? [] : [`- ${note}`])).join('\n')}`)
    return verdicts.every(Boolean)
  } finally {
    await stage.stop()
  }
}

async function benchWorkload(
  stage: Stage,
  workload: Workload,
  contestants: readonly Contestant[],
): Promise<boolean> {
  const results = contestants.flatMap((contestant) =>
    stage.lanes.map((lane): Result => ({ contestant, lane, samples: [], requests: null })),
  )
  const verdicts: Verdict[] = []
  const rounds = Math.max(...contestants.map((contestant) => contestant.rounds(workload)))
  // contestants take turns, so that a busy minute of the machine hits all of them
  for (let round = 0; round < rounds; round += 1) {
    for (const result of results.filter(({ contestant }) => round < contestant.rounds(workload))) {
      result.samples.push(await result.contestant.run(result.lane, workload))
      const seen = result.lane.taken?.() ?? null
      if (seen === null) continue
      result.requests = seen.length
      if (result.contestant === contestants[0]) verdicts.push(judgeRequests(seen, workload))
    }
  }
  console.log(`\n### ${workload.name}\n\n${resultTable(workload, contestants, results)}\n`)
  return printVerdicts(workload, verdicts)
}

function printVerdicts(workload: Workload, verdicts: readonly Verdict[]): boolean {
  const broken = new Set(verdicts.flatMap((verdict) => verdict.broken))
  for (const account of new Set(verdicts.map((verdict) => verdict.account)))
    console.log(`Requests: ${account}.`)
  if (broken.size > 0) console.log(`LAW OF REQUESTS BROKEN: ${[...broken].join('; ')}`)
  else console.log('Law of requests: holds, nothing asked twice.')
  if (workload.tags !== null) {
    const pages = verdicts[0]?.pages ?? 0
    const trips = 2 + pages + Math.ceil(workload.references.length / CONCURRENCY)
    console.log(
      `Round trips only: ${trips} of ${ROUND_TRIP_MS} ms, one after the other, with ${CONCURRENCY} requests at a time: ${printTime(trips * ROUND_TRIP_MS)}.`,
    )
  }
  return broken.size === 0
}

function resultTable(
  workload: Workload,
  contestants: readonly Contestant[],
  results: readonly Result[],
): string {
  const lanes = [...new Set(results.map(({ lane }) => lane.name))]
  const head = ['', 'requests', ...lanes.flatMap((lane) => [`${lane}: min`, 'median']), 'peak memory']
  const rows = contestants.map((contestant) => {
    const own = results.filter((result) => result.contestant === contestant)
    const share = contestant.share(workload)
    const estimated = share < 1 ? '~' : ''
    const times = own.flatMap(({ samples }) => {
      const { min, median } = statistics(samples.map(({ milliseconds }) => milliseconds / share))
      return [`${estimated}${printTime(min)}`, `${estimated}${printTime(median)}`]
    })
    const requests = (own.find((result) => result.requests !== null)?.requests ?? 0) / share
    const peak = Math.max(...own.flatMap(({ samples }) => samples.map(({ peakBytes }) => peakBytes)))
    return [
      contestant.name,
      `${estimated}${Math.round(requests).toLocaleString('en')}`,
      ...times,
      printMemory(peak),
    ]
  })
  return table(head, rows)
}
