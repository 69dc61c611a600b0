import { unread } from '../../../src/usecases/prune/plan-repository.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import type { PruneReport } from '../../../src/domain/prune/outcome.ts'
import { dated, digestOf, image, policy, unknown } from '../../domain/prune/repository-dsl.ts'
import type { Content } from '../../domain/prune/repository-dsl.ts'
import { executed, multiArch, planned, pruneReport, service, withForeignText } from './fixtures.ts'

/** A nightly clean-up: pull requests, releases, `main` builds. */
export function nightly(): Content {
  const tags: Record<string, string> = {}
  const manifests: Record<string, ReturnType<typeof image>> = {}
  const add = (name: string, age: string, deps: string) => {
    manifests[`${name}D`] = service(name, deps)
    tags[name] = `${name}D ${age}`
  }
  for (let i = 0; i < 18; i += 1) add(`pr-${420 - i}`, `${5 + i * 4}d`, i < 9 ? '2' : '1')
  for (let i = 0; i < 12; i += 1)
    add(`main-${(0x1a2b3c4 + i * 0x10_3f91).toString(16)}`, `${1 + i * 3}d`, '2')
  for (let i = 0; i < 8; i += 1) add(`v1.${i}.0`, `${300 - i * 30}d`, '1')
  tags['latest'] = 'v1.7.0D 90d'
  tags['stable'] = 'v1.6.0D 120d'
  return { tags, manifests }
}

const nightlyPolicy = () =>
  policy({ tags: 'pr-* main-*', keepLatest: 10, olderThan: '30d', exclude: 'latest stable v*', minKeep: 1 })

const sharing = (): Content => {
  const content = multiArch([
    ['v2.1.0', '3d'],
    ['v2.0.0', '44d'],
    ['v1.9.0', '90d'],
    ['v1.8.3', '130d'],
  ])
  return {
    ...content,
    tags: {
      ...content.tags,
      latest: 'v2.1.0-index 3d',
      'nightly-20260401': 'v2.0.0-index 44d',
      'nightly-20260301': 'v1.9.0-index 90d',
      'v1.9.0-amd64': 'v1.9.0-amd64 90d',
    },
    registry: { untag: 'unknown', listsUntagged: false },
  }
}

const many = (count: number): Content => {
  const manifests: Record<string, ReturnType<typeof image>> = {}
  const tags: Record<string, string> = {}
  for (let i = 0; i < count; i += 1) {
    manifests[`D${i}`] = service(`build ${i}`, String(i % 7), 5 + (i % 30))
    tags[`build-${10_000 + i}`] = `D${i} ${1 + (count - i)}d`
  }
  return { tags, manifests }
}

const mixed = (): Content => {
  const content = nightly()
  return {
    tags: { ...content.tags, 'pr-distroless': 'E', 'pr-buildpack': 'F' },
    manifests: {
      ...content.manifests,
      E: image({ blobs: { e: 12_000_000 }, ages: [dated('1970-01-01T00:00:00Z')] }),
      F: image({ blobs: { f: 98_000_000 }, ages: [dated('1980-01-01T00:00:01Z')] }),
      U1: { ...service('lost 1'), ages: [dated('2026-02-01T00:00:00Z', 'pushed')] },
      U2: { ...service('lost 2'), ages: [dated('2026-03-01T00:00:00Z', 'pushed')] },
      U3: { ...service('young'), ages: [dated('2026-06-15T01:00:00Z', 'pushed')] },
      X: unknown([], { ages: [dated('2026-02-01T00:00:00Z', 'pushed')] }),
    },
  }
}

/** Reports as they happen, each with what it is drawn for. */
export const pruneExamples: Record<string, () => PruneReport> = {
  'nothing to do': () =>
    pruneReport([
      planned(nightly(), policy({ tags: 'pr-*', olderThan: '365d', exclude: 'latest stable v*' })),
    ]),
  'nightly dry run': () => pruneReport([planned(nightly(), nightlyPolicy())]),
  "nightly, registry of one's own": () =>
    pruneReport([planned(nightly(), nightlyPolicy(), { name: 'registry.example.com:5000/acme/api' })]),
  '500 tags': () =>
    pruneReport([executed(many(500), policy({ tags: 'build-*', keepLatest: 50, olderThan: '14d' }))]),
  'shared digests and multi-arch': () =>
    pruneReport([
      planned(
        sharing(),
        policy({ tags: 'v* nightly-*', olderThan: '30d', exclude: 'latest v2.0.0 v1.9.0-*' }),
      ),
    ]),
  'unknown ages, untagged manifests': () =>
    pruneReport([
      planned(
        mixed(),
        policy({
          tags: 'pr-* main-*',
          olderThan: '30d',
          exclude: 'latest stable v* release-*',
          deleteUntagged: true,
        }),
        { name: 'quay.io/acme/api' },
      ),
    ]),
  'failures and partial': () =>
    pruneReport(
      [
        executed(nightly(), policy({ tags: 'pr-* main-*', olderThan: '14d', exclude: 'latest stable v*' }), {
          tagResult: (_, position) => {
            if (position === 2)
              return { status: 'failed', note: 'DELETE answered 500 Internal Server Error after 4 tries' }
            if (position === 4) return { status: 'gone', note: null }
            if (position === 6)
              return {
                status: 'retained',
                note: 'the registry refuses: publicly visible package versions with more than 5000 downloads cannot be deleted',
              }
            return position < 15 ? { status: 'done', note: null } : undefined
          },
          changes: {
            state: 'failed',
            problems: [
              'pr-412: DELETE https://ghcr.io/v2/acme/api/manifests/sha256:0f1e… answered 500 Internal Server Error after 4 tries. Run it again',
              'max-duration has passed',
            ],
            reclaimedBytes: asBytes(402_653_184),
          },
        }),
      ],
      { verdict: 'fail' },
    ),
  'partial only': () =>
    pruneReport([
      executed(nightly(), nightlyPolicy(), {
        tagResult: (_, position) => (position < 7 ? { status: 'done', note: null } : undefined),
        changes: {
          state: 'partial',
          problems: ['max-duration has passed'],
          reclaimedBytes: asBytes(102_653_184),
        },
      }),
    ]),
  'refused by a breaker': () =>
    pruneReport([
      executed(many(40), policy({ tags: 'build-*', olderThan: '5d', maxDeletePercent: 50 }), {
        name: 'registry.example.com/acme/api',
        tagResult: () => undefined,
      }),
    ]),
  'dry run that would be refused': () =>
    pruneReport(
      [planned(many(40), policy({ tags: 'build-*', olderThan: '5d', maxDeletePercent: 50, maxDeletes: 20 }))],
      { dryRun: true },
    ),
  'validation failed': () =>
    pruneReport([
      executed(nightly(), nightlyPolicy(), {
        name: 'registry.example.com/acme/api',
        changes: {
          state: 'failed',
          broken: [
            'v1.6.0 does not resolve any more',
            `${digestOf('v1.7.0-amd64')}, needed by v1.7.0, does not resolve any more`,
          ],
        },
      }),
    ]),
  'a repository that was not read': () =>
    pruneReport([
      unread('ghcr.io/acme/api', 'failed', [
        'listing the tags of ghcr.io/acme/api was refused, asked anonymously (401). Log in',
      ]),
    ]),
  'a plan that no longer fits': () =>
    pruneReport([
      unread('ghcr.io/acme/api', 'refused', ['since the plan was made, v1.2.0 was moved to 0f1e2d3']),
    ]),
  'two repositories': () =>
    pruneReport([
      planned(nightly(), nightlyPolicy()),
      planned(sharing(), policy({ tags: 'nightly-*', exclude: 'latest old-*', olderThan: '60d' }), {
        name: 'ghcr.io/acme/worker',
      }),
    ]),
  'nine repositories': () =>
    pruneReport(
      Array.from({ length: 9 }, (_, i) => {
        const name = `registry.example.com/platform/service-${i + 1}`
        if (i === 4)
          return executed(many(12), policy({ tags: 'build-*', olderThan: '5d', maxDeletePercent: 50 }), {
            name,
            tagResult: () => undefined,
          })
        return executed(
          many(10 + i * 5),
          policy({ tags: 'build-*', olderThan: i % 3 === 0 ? '90d' : '20d', exclude: 'release-*' }),
          { name },
        )
      }),
    ),
  'hostile names': () =>
    withForeignText(
      pruneReport(
        [
          executed(sharing(), policy({ tags: 'v* nightly-*', olderThan: '30d', exclude: 'latest v2.0.0' }), {
            tagResult: (_, position) =>
              position === 1 ? { status: 'failed', note: 'no' } : { status: 'done', note: null },
            changes: { state: 'failed', problems: ['', '', ''], broken: ['', ''] },
          }),
          executed(many(6), policy({ tags: 'build-*', olderThan: '2d', maxDeletes: 1 }), {
            tagResult: () => undefined,
          }),
        ],
        { dryRun: false },
      ),
      (place) => NASTY[place % NASTY.length] ?? '',
    ),
}

const NASTY = [
  '`| a \\| @octocat #1 </code></details><script>alert(1)</script> ![x](https://evil.example/x.png)',
  '```\n# heading\n| a | b |\n|---|---|',
  'see https://evil.example and www.evil.example, ask @octocat or root@evil.example about #12, GH-12 :tada: $x$',
  '- [ ] <!-- registry-warden:size:default --> **bold** _it_ ~~no~~ `code` ![i](x) [l](x)',
  '\u202Egnp.exe\u0000\u001B[31m',
  'a'.repeat(2000),
  '::error title=x::y ##[error]z',
]
