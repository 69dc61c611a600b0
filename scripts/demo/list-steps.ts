import type { Step } from './step.ts'
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
        return ['Two jobs of a matrix can share the work (output `matrix`), and no manifest was read for it.']
      },
    },
  ]
}
