import { layer, type BuiltLayer } from '../../__tests__/support/blobs.ts'
import { attestation, image, index, type BuiltImage } from '../../__tests__/support/images.ts'

/** One image of the demo with the tags that name it. */
export interface DemoImage {
  readonly repository: string
  readonly tags: readonly string[]
  readonly image: BuiltImage
}

const PLATFORMS = [
  { platform: 'linux/amd64', weight: 1 },
  { platform: 'linux/arm64', weight: 0.96 },
] as const

/** Eleven releases of a Node service for two platforms, and a Python worker whose models grew. */
export function releasedImages(now: Date): readonly DemoImage[] {
  return [
    ...API_RELEASES.map((release) => apiRelease(release, now)),
    ...WORKER_RELEASES.map((release) => workerRelease(release, now)),
  ]
}

/**
 * What the branch main and a pull request to it build: before, with fonts and larger dependencies, without
 * the fonts.
 */
export function pullRequestImages(now: Date): Readonly<Record<'main' | 'heavy' | 'light', DemoImage>> {
  const build = (tag: string, change: Partial<ApiRelease>): DemoImage =>
    apiRelease({ ...NEWEST, tags: [tag], daysOld: 0.1, ...change }, now)
  return {
    main: build('main', { app: 1.83, daysOld: 1 }),
    heavy: build('pr-128', { app: 1.88, lockFile: 'f', dependencies: 22.3, fonts: 4.2 }),
    light: build('pr-128', { app: 1.85 }),
  }
}

interface Release {
  readonly tags: readonly string[]
  readonly daysOld: number
}

interface ApiRelease extends Release {
  /** releases with the same base or lock file share those layers */
  readonly base: string
  readonly lockFile: string
  /** MiB */
  readonly dependencies: number
  /** MiB */
  readonly app: number
  /** MiB of a layer that the releases do not have */
  readonly fonts?: number
}

const NEWEST: ApiRelease = {
  tags: ['2.1.0', '2.1', 'latest'],
  daysOld: 2,
  base: 'bookworm-2',
  lockFile: 'e',
  dependencies: 19.5,
  app: 1.8,
}

const API_RELEASES: readonly ApiRelease[] = [
  { tags: ['1.0.0'], daysOld: 160, base: 'bookworm-1', lockFile: 'a', dependencies: 6.1, app: 0.7 },
  { tags: ['1.0.1'], daysOld: 152, base: 'bookworm-1', lockFile: 'a', dependencies: 6.1, app: 0.71 },
  { tags: ['1.1.0'], daysOld: 131, base: 'bookworm-1', lockFile: 'b', dependencies: 7.4, app: 0.82 },
  { tags: ['1.1.1'], daysOld: 128, base: 'bookworm-1', lockFile: 'b', dependencies: 7.4, app: 0.83 },
  { tags: ['1.2.0'], daysOld: 110, base: 'bookworm-1', lockFile: 'b', dependencies: 7.4, app: 0.95 },
  { tags: ['1.2.1'], daysOld: 107, base: 'bookworm-1', lockFile: 'b', dependencies: 7.4, app: 0.96 },
  { tags: ['1.3.0'], daysOld: 82, base: 'bookworm-2', lockFile: 'c', dependencies: 9.2, app: 1.1 },
  { tags: ['1.4.0'], daysOld: 60, base: 'bookworm-2', lockFile: 'c', dependencies: 9.2, app: 1.3 },
  { tags: ['2.0.0'], daysOld: 33, base: 'bookworm-2', lockFile: 'd', dependencies: 13.8, app: 1.6 },
  { tags: ['2.0.1'], daysOld: 29, base: 'bookworm-2', lockFile: 'd', dependencies: 13.8, app: 1.6 },
  NEWEST,
]

function apiRelease(release: ApiRelease, now: Date): DemoImage {
  const { tags, daysOld, base, lockFile, dependencies, app, fonts } = release
  const children = PLATFORMS.flatMap(({ platform, weight }) => {
    const built = image(
      [
        madeOnce(`${base} ${platform}`, 12.4 * weight, '/bin/sh -c #(nop) ADD file:rootfs.tar.xz in /'),
        madeOnce(`node ${base} ${platform}`, 8.6 * weight, 'RUN /bin/sh -c install-node.sh 24 # buildkit'),
        madeOnce(
          `npm ${lockFile} ${platform}`,
          dependencies * weight,
          'RUN /bin/sh -c npm ci --omit=dev # buildkit',
        ),
        ...(fonts === undefined
          ? []
          : [madeOnce('fonts', fonts, 'COPY fonts/ /usr/share/fonts/ # buildkit')]),
        madeOnce(`app ${tags[0]} ${app}`, app, 'COPY dist ./dist # buildkit'),
      ],
      { platform, created: daysBefore(now, daysOld) },
    )
    return [built, attestation(built)]
  })
  return { repository: 'acme/api', tags, image: index(children) }
}

interface WorkerRelease extends Release {
  /** MiB */
  readonly models: number
}

const WORKER_RELEASES: readonly WorkerRelease[] = [
  { tags: ['3.2'], daysOld: 40, models: 9.5 },
  { tags: ['3.3', 'latest'], daysOld: 5, models: 11.2 },
]

function workerRelease({ tags, daysOld, models }: WorkerRelease, now: Date): DemoImage {
  const layers = [
    madeOnce('bookworm-2 linux/amd64', 12.4, '/bin/sh -c #(nop) ADD file:rootfs.tar.xz in /'),
    madeOnce('python', 10.3, 'RUN /bin/sh -c pip install --no-cache-dir -r requirements.txt # buildkit'),
    madeOnce(`models ${tags[0]}`, models, 'COPY models/ /srv/models/ # buildkit'),
  ]
  const built = image(layers, { format: 'docker', created: daysBefore(now, daysOld) })
  return { repository: 'acme/worker', tags, image: built }
}

const made = new Map<string, BuiltLayer>()

/** A layer of that many MiB; made once, however many images share it. */
export function madeOnce(seed: string, mebibytes: number, createdBy: string): BuiltLayer {
  const known = made.get(seed)
  if (known) return known
  const created = layer(seed, Math.round(mebibytes * 1024 * 1024), { createdBy })
  made.set(seed, created)
  return created
}

export function daysBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * 24 * 60 * 60 * 1000).toISOString()
}
