import type { AttemptDeps } from '../../../src/usecases/size/attempts.ts'
import { measureSize } from '../../../src/usecases/size/measure-size.ts'
import type { GrowthRequest, SizeRequest } from '../../../src/usecases/size/measure-size.ts'
import type { ImageSelection } from '../../../src/usecases/size/targets.ts'
import { WardenError } from '../../../src/domain/errors.ts'
import { parseBaseline } from '../../../src/domain/growth/baseline.ts'
import { parseIncreaseRules } from '../../../src/domain/growth/increase.ts'
import type { PullRequestFacts } from '../../../src/domain/growth/pull-request-facts.ts'
import { formatImageSource } from '../../../src/domain/names/image-source.ts'
import { DOCKER_HUB, formatRepository, parseReference } from '../../../src/domain/names/reference.ts'
import type { ImageReader } from '../../../src/domain/ports.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import { asTimestamp } from '../../../src/domain/quantities/timestamp.ts'
import type { SizeLimits } from '../../../src/domain/size/limits.ts'
import type { SizeReport } from '../../../src/domain/size/report.ts'
import { digestOf, image } from '../../support/fake-reader.ts'
import type { FakeContent, fakeReader } from '../../support/fake-reader.ts'

type Fake = ReturnType<typeof fakeReader>

const NO_LIMITS: SizeLimits = {
  maxSize: [],
  warnSize: [],
  maxLayers: null,
  maxLayerSize: null,
  maxIncrease: [],
  warnIncrease: [],
  ignoreBase: false,
}
const NO_PULL_REQUEST: PullRequestFacts = {
  mergeBase: null,
  baseSha: null,
  baseRef: null,
}

/** Registries, and what is asked about them. */
export interface World {
  /** repository or local source → what is there */
  readonly readers: Readonly<Record<string, Fake>>
  readonly images: readonly string[]
  readonly baseline?: readonly string[]
  readonly facts?: Partial<PullRequestFacts>
  readonly limits?: Partial<SizeLimits>
  readonly growth?: Partial<GrowthRequest>
  readonly request?: Partial<SizeRequest>
  readonly timeIsUp?: boolean
  /** is told what goes into the debug log */
  readonly debug?: (line: string) => void
}

function readerAt(readers: World['readers'], name: string): ImageReader {
  const reader = readers[name]
  if (reader === undefined) throw new WardenError('not-found-repository', `${name} does not exist`)
  return reader
}

function selection(readers: World['readers'], text: string): ImageSelection {
  const { repository, tag } = parseReference(text, DOCKER_HUB)
  if (tag === null) throw new Error('tests name tags')
  const name = formatRepository(repository)
  return {
    kind: 'one',
    name: text,
    repository: name,
    tag,
    manifest: tag,
    reader: readerAt(readers, name),
  }
}

/** Measures the images of a small world, with what they are compared with. */
export function run({ readers, images, ...world }: World): Promise<SizeReport> {
  const deps: AttemptDeps = {
    log: { debug: world.debug ?? (() => {}), info: () => {}, notice: () => {}, warning: () => {} },
    concurrency: 4,
    timeIsUp: () => world.timeIsUp ?? false,
    now: () => asTimestamp(0),
  }
  const growth: GrowthRequest = {
    baseline: parseBaseline(world.baseline ?? [], DOCKER_HUB),
    minimumChange: asBytes(1),
    baseImage: null,
    open: (repository) => readerAt(readers, formatRepository(repository)),
    openLocal: async (source) => ({
      reader: readerAt(readers, formatImageSource(source)),
      top: digestOf('main'),
      path: source.path,
    }),
    facts: { ...NO_PULL_REQUEST, ...world.facts },
    ...world.growth,
  }
  const request: SizeRequest = {
    images: images.map((name) => selection(readers, name)),
    platforms: 'all',
    limits: { ...NO_LIMITS, ...world.limits },
    severity: 'fail',
    everyConfig: false,
    growth,
    ...world.request,
  }
  return measureSize(request, deps)
}

/** `max-increase`, as a user writes it. */
export const increase = (...lines: string[]): Partial<SizeLimits> => ({
  maxIncrease: parseIncreaseRules(lines, 'max-increase'),
})

/** `app:pr` has 200 bytes in its last layer, `app:main` 100; what lies below is shared. */
export const APP: FakeContent = {
  tags: { pr: 'pr', main: 'main', same: 'pr' },
  manifests: {
    pr: image('pr.config', 10, { base: 1000, new: 200 }),
    main: image('main.config', 10, { base: 1000, old: 100 }),
  },
  configs: { 'pr.config': {}, 'main.config': { created: '2024-01-02T03:04:05Z' } },
}
