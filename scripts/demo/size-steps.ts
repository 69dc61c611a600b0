import { storedBlobs, sum } from '../../__tests__/support/images.ts'
import type { Step } from './step.ts'
import type { World } from './world.ts'

/** One image within its limit, one over it, and a whole repository. */
export function sizeSteps({ released }: World): readonly Step[] {
  const [api, worker] = ['acme/api', 'acme/worker'].map((wanted) =>
    released.filter(({ repository }) => repository === wanted),
  )
  const newest = api!.at(-1)!.image
  const amd64 = api!.map(({ image }) => image.platforms[0]!)
  return [
    {
      title: 'A size check that passes',
      inputs: { image: 'acme/worker:3.3', 'max-size': '40MiB' },
      exitCode: 0,
      outputs: { result: 'pass', exceeded: 'false', size: String(worker!.at(-1)!.image.size) },
      opens: /layers/,
    },
    {
      title: 'A size check over its limit',
      inputs: { image: 'acme/api:2.1.0', 'max-size': '* linux/arm64 = 45MiB\n* = 40MiB' },
      exitCode: 1,
      outputs: {
        result: 'fail',
        exceeded: 'true',
        size: String(newest.size),
        'total-size': String(newest.totalSize),
        'unique-size': String(newest.uniqueSize),
      },
      opens: /layers of .*amd64/,
    },
    {
      title: 'All tags of a repository, and what sharing layers saves',
      inputs: { image: 'acme/api', tags: 'all', platforms: 'linux/amd64' },
      exitCode: 0,
      outputs: {
        result: 'pass',
        'total-size': String(sum(amd64.map(({ size }) => size))),
        'unique-size': String(sum(storedBlobs(amd64).values())),
      },
    },
  ]
}
