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
if (wanted('startup')) results.push(await benchStartup(values.entry, rounds * 5))
if (wanted('size')) {
  const options = { entry: values.entry, tagCount: count(values.tags), rounds, skopeoSample: 30 }
  results.push(await benchSizes(options))
}
if (wanted('memory')) results.push(await benchMemory(values.entry, 20_000))
if (wanted('nightly')) results.push(await benchNightly(values.entry))
// some minutes: only when asked for
if (positionals.includes('organisation'))
  results.push(await benchOrganisation(values.entry, count(values.repositories)))
if (await exists(join(root, 'scripts/bench-plan.ts'))) {
  console.log('\nThe prune plan has a benchmark of its own: node scripts/bench-plan.ts')
}
if (results.includes(false)) process.exitCode = 1

function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${text} is not a number of rounds or tags`)
  return Number(text)
}
