import { z } from 'zod'
import type { ActionResult } from '../../__tests__/support/run-action.ts'
import { storedBlobs, sum } from '../../__tests__/support/images.ts'
import type { Fixture } from './fixture.ts'
import { judged, type Row } from './row.ts'
import type { Sight } from './world.ts'

const PruneJson = z.object({
  repositories: z.array(
    z.object({ tags: z.array(z.object({ tag: z.string(), decision: z.string(), status: z.string() })) }),
  ),
})
const SizeJson = z.object({
  images: z.array(z.object({ platforms: z.array(z.object({ digest: z.string(), size: z.number() })) })),
})

/** The sizes that a run told against those of the images that were pushed. */
export function judgeSizes(run: ActionResult, fixture: Fixture): Row {
  const expected = Object.values(fixture.measured).flatMap(({ platforms }) => platforms)
  const found = SizeJson.safeParse(JSON.parse(run.outputs['json'] || '{}'))
  if (run.exitCode !== 0 || !found.success) return judged('sizes', [`the run ended red: ${lastError(run)}`])
  const sizes = new Map(
    found.data.images.flatMap(({ platforms }) => platforms.map(({ digest, size }) => [digest, size])),
  )
  const wrong = expected.flatMap(({ digest, platform, size }) =>
    sizes.get(digest) === size ? [] : [`${platform}: ${sizes.get(digest) ?? 'nothing'} instead of ${size}`],
  )
  const unique = sum(storedBlobs(expected).values())
  const toldUnique = run.outputs['unique-size']
  if (toldUnique !== String(unique)) wrong.push(`unique-size: ${toldUnique} instead of ${unique}`)
  return judged('sizes', wrong, `${expected.length} platform images, ${unique} bytes`)
}

/** What a run told of each tag against what the registry says of it now. */
export function judgeTold(run: ActionResult, fixture: Fixture, before: Sight, after: Sight): Row {
  const found = PruneJson.safeParse(JSON.parse(run.outputs['json'] || '{}'))
  if (!found.success) return judged('what the run told', [`nothing: ${lastError(run)}`])
  const told = new Map(found.data.repositories.flatMap(({ tags }) => tags.map((each) => [each.tag, each])))
  const wrong: string[] = []
  for (const tag of [...fixture.gives, ...fixture.keeps].filter((each) => before.tags.get(each))) {
    const status = told.get(tag)?.status ?? 'not told'
    const isThere = after.tags.get(tag) !== null
    const saysGone = status === 'done' || status === 'gone'
    if (saysGone === isThere) wrong.push(`${tag} is ${isThere ? 'there' : 'gone'}, told “${status}”`)
  }
  const count = (name: string): string => `${run.outputs[name] ?? '?'} ${name.replace('-count', '')}`
  const counts = ['deleted-count', 'untagged-count', 'skipped-count', 'failed-count'].map(count).join(', ')
  return judged('what the run told', wrong, counts)
}

/** The first error a run put beside the job, for people. */
export function lastError(run: ActionResult): string {
  return run.annotations.find(({ level }) => level === 'error')?.message ?? `exit code ${run.exitCode}`
}
