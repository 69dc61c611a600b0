import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { layer, sha256 } from '../../__tests__/support/blobs.ts'
import { storedBytes } from '../../__tests__/support/registry-disk.ts'
import {
  blobPath,
  tagOnDisk,
  writeStorageFolder,
  writeStray,
} from '../../__tests__/support/storage-layout.ts'
import { daysBefore } from './images.ts'
import { POLICY, freedBytes, pruned } from './prune-steps.ts'
import type { ShopImage } from './shop-images.ts'
import type { Step } from './step.ts'
import { SHOP, type World } from './world.ts'

/** The same repository in the folder of a registry that is stopped, pruned and swept there. */
export function storageSteps({ shop, storage, now }: World): readonly Step[] {
  const givenUp = layer('a push that was given up', 9 * 1024 * 1024)
  const written = new Date(daysBefore(now, 3))
  let before = { bytes: 0, said: '' }
  return [
    {
      title: 'On the registry’s own disk: pruned, and its garbage collected',
      inputs: { ...POLICY, registry: `file://${storage}`, 'dry-run': 'false', 'garbage-collect': 'true' },
      job: { eventName: 'schedule' },
      before: async () => {
        const stored = shop.map(({ kept, gone, image }) => ({
          repository: SHOP,
          tags: [...kept, ...gone],
          image,
        }))
        await writeStorageFolder(storage, stored, written)
        await writeStray(storage, givenUp, written)
        before = { bytes: await storedBytes(storage), said: diskUsage(storage) }
        return [
          'A registry is stopped. Its folder holds the same repository, and 9 MiB of a push that was given up:',
          before.said,
          '',
        ]
      },
      exitCode: 0,
      outputs: { ...pruned(shop), 'reclaimed-bytes': String(freedBytes(shop) + givenUp.bytes.length) },
      verify: async () => {
        const kept = await expectOnDisk(storage, shop)
        const freed = before.bytes - (await storedBytes(storage))
        if (freed !== freedBytes(shop) + givenUp.bytes.length) throw new Error(`the disk gave back ${freed}`)
        return [
          kept,
          `${diskUsage(storage)}; before, ${before.said}.`,
          `The files are ${freed.toLocaleString('en')} bytes less: \`reclaimed-bytes\`, to the byte.`,
        ]
      },
    },
  ]
}

/** Looks into the folder for everything that was to stay; says what it found, or throws. */
async function expectOnDisk(folder: string, shop: readonly ShopImage[]): Promise<string> {
  for (const { kept, gone, image } of shop) {
    for (const tag of [...kept, ...gone]) {
      const found = await tagOnDisk(folder, SHOP, tag)
      const wanted = kept.includes(tag) ? image.manifest.digest : null
      if (found !== wanted) throw new Error(`${tag} names ${found} instead of ${wanted}`)
    }
  }
  const staying = shop.filter(({ stays }) => stays)
  const files = new Set(
    staying.flatMap(({ image }) => [...image.manifests, ...image.blobs].map(({ digest }) => digest)),
  )
  for (const digest of files) {
    if (sha256(await readFile(join(folder, blobPath(digest)))) !== digest)
      throw new Error(`${digest} is damaged`)
  }
  return `All ${files.size} manifests and blobs of the tags that stay are there, byte for byte.`
}

/** What the system says of the folder; on a system without `du`, nothing much. */
function diskUsage(folder: string): string {
  try {
    const [size = ''] = execFileSync('du', ['-sk', folder], { encoding: 'utf8' }).split('\t')
    return `\`du -sk\` says ${Number(size).toLocaleString('en')} KiB`
  } catch {
    return 'this system has no `du`'
  }
}
