import { spawnSync } from 'node:child_process'
import { access } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { benchMemory } from './bench/memory.ts'
import { benchNightly } from './bench/nightly.ts'
import { benchOrganisation } from './bench/organisation.ts'
import { benchSizes } from './bench/size.ts'
import { benchStartup } from './bench/startup.ts'
import { dist, root } from './bundle.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    entry: { type: 'string', default: join(dist, 'index.js') },
    // another bundle, whose start-up is measured in the same run
    against: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    tags: { type: 'string', default: '1000' },
    repositories: { type: 'string', default: '500' },
  },
})
const rounds = count(values.rounds)
const wanted = (part: string): boolean => positionals.length === 0 || positionals.includes(part)
const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

if (!(await exists(values.entry))) throw new Error(`${values.entry} is missing: run npm run build first`)
console.log(
  `${relative(root, values.entry)} on Node ${process.versions.node}, ${availableParallelism()} cores, ${rounds} rounds`,
)
const results: boolean[] = []
if (wanted('startup')) results.push(await benchStartup(values.entry, values.against ?? null, rounds * 8))
if (wanted('size')) {
  const options = { entry: values.entry, tagCount: count(values.tags), rounds, skopeoSample: 30 }
  results.push(await benchSizes(options))
}
if (wanted('memory')) results.push(await benchMemory(values.entry, 20_000))
if (wanted('nightly')) results.push(await benchNightly(values.entry))
if (wanted('plan')) results.push(runPlanBench())
// some minutes: only when asked for
if (positionals.includes('organisation'))
  results.push(await benchOrganisation(values.entry, count(values.repositories)))
if (results.includes(false)) process.exitCode = 1

function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${text} is not a number of rounds or tags`)
  return Number(text)
}

/** In a process of its own, whose memory it prints. */
function runPlanBench(): boolean {
  console.log('\n### the plan of a prune of 20,000 tags\n')
  return spawnSync(process.execPath, [join(root, 'scripts/bench-plan.ts')], { stdio: 'inherit' }).status === 0
}
