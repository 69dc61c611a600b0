import { styleText } from 'node:util'
import { hanging, visibleWidth } from './demo/lines.ts'
import { listSteps } from './demo/list-steps.ts'
import { pruneSteps } from './demo/prune-steps.ts'
import { pullRequestSteps } from './demo/pull-request-steps.ts'
import { isImageTag } from './demo/shop-images.ts'
import { sizeSteps } from './demo/size-steps.ts'
import { play } from './demo/step.ts'
import { storageSteps } from './demo/storage-steps.ts'
import { openWorld, type World } from './demo/world.ts'

const WIDTH = Math.min(process.stdout.columns || Number(process.env['COLUMNS']) || 100, 120)
const natural = new Intl.Collator('en', { numeric: true })

async function main(): Promise<void> {
  const world = await openWorld(new Date())
  try {
    introduce(world)
    const steps = [
      ...listSteps(world),
      ...sizeSteps(world),
      ...pullRequestSteps(world),
      ...pruneSteps(world),
      ...storageSteps(world),
    ]
    for (const [index, step] of steps.entries())
      await play(step, `${index + 1}/${steps.length}`, world, WIDTH)
  } finally {
    await world.close()
  }
}

function introduce({ registry }: World): void {
  const width = Math.max(...[...registry.store.keys()].map(visibleWidth))
  console.log(`A registry with token authentication listens on ${registry.origin} and holds`)
  for (const [repository, { tags }] of registry.store) {
    const names = [...tags.keys()].filter(isImageTag).toSorted(natural.compare).join(' ')
    console.log(hanging(`  ${repository.padEnd(width)}  `, names, WIDTH).join('\n'))
  }
  const inputs = 'All steps but the last also get its address, a user name and a password.'
  console.log(styleText('dim', inputs))
}

await main()
