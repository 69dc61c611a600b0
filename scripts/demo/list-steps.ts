import type { Step } from './step.ts'
import { isImageTag } from './shop-images.ts'
import type { World } from './world.ts'

/** What is there, and whether the login works. */
export function listSteps({ registry }: World): readonly Step[] {
  const names = [...registry.store.keys()].toSorted().map((name) => `${registry.host}/${name}`)
  return [
    {
      title: 'Does the registry answer, and what is in it?',
      inputs: { mode: 'list', shards: '2' },
      exitCode: 0,
      outputs: { result: 'pass', available: 'true', repositories: JSON.stringify(names) },
      verify: (requests) => {
        const read = requests.filter(({ path }) => /\/(?:manifests|blobs)\//.test(path))
        if (read.length > 0) throw new Error(`a list reads no ${read[0]?.path}`)
        return [
          'Two jobs of a matrix can share the work (output `matrix`), and no manifest was read for it.',
          tagCounts(registry.store),
        ]
      },
    },
  ]
}

/** The steps below count other tags: it must not look as if some were lost. */
function tagCounts(store: World['registry']['store']): string {
  const names = [...store].map(([repository, { tags }]) => ({ repository, tags: [...tags.keys()] }))
  const counts = names.map(({ repository, tags }) => `${repository} ${tags.length}`).join(', ')
  const signatures = names.flatMap(({ tags }) => tags).filter((tag) => !isImageTag(tag)).length
  return (
    `Tags here are all that the registry lists: ${counts}. ${signatures} of them are tags of signatures and ` +
    `the like, which a prune counts with their images.`
  )
}
