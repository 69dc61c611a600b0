import { curl, skopeo, warden, type Contestant } from './contestants.ts'
import { statistics, type Sample } from './measure.ts'
import { judgeRequests } from './request-law.ts'
import { startStage, type Lane, type Stage, type Workload } from './stage.ts'
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
 * Measures three workloads by three programs on two lanes and prints a table of each.
 * @returns whether registry-warden asked for exactly what it had to, everywhere
 */
export async function benchSizes(options: SizeBenchOptions): Promise<boolean> {
  const stage = await startStage(options.tagCount)
  try {
    const contestants = [
      warden(options.entry, options.rounds),
      await curl(stage, options.rounds),
      await skopeo(options.skopeoSample),
    ]
    const verdicts: boolean[] = []
    for (const workload of stage.workloads) verdicts.push(await benchWorkload(stage, workload, contestants))
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
  const broken = new Set<string>()
  let account = ''
  const rounds = Math.max(...contestants.map(({ rounds }) => rounds))
  // contestants take turns, so that a busy minute of the machine hits all of them
  for (let round = 0; round < rounds; round += 1) {
    for (const result of results.filter(({ contestant }) => round < contestant.rounds)) {
      result.samples.push(await result.contestant.run(result.lane, workload))
      const seen = result.lane.taken?.() ?? null
      if (seen === null) continue
      result.requests = seen.length
      if (result.contestant !== contestants[0]) continue
      const verdict = judgeRequests(seen, workload)
      account = verdict.account
      for (const line of verdict.broken) broken.add(line)
    }
  }
  console.log(`\n### ${workload.name}\n`)
  console.log(resultTable(workload, contestants, results))
  console.log(`\nrequests of registry-warden: ${account}`)
  console.log(
    broken.size === 0
      ? 'law of requests: holds, nothing twice'
      : `LAW OF REQUESTS BROKEN: ${[...broken].join('; ')}`,
  )
  return broken.size === 0
}

function resultTable(
  workload: Workload,
  contestants: readonly Contestant[],
  results: readonly Result[],
): string {
  const lanes = [...new Set(results.map(({ lane }) => lane))]
  const head = ['', 'requests', ...lanes.flatMap(({ name }) => [`${name}, min`, 'median']), 'peak memory']
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
