import { describe, expect, it } from 'vitest'
import type { PruneReport } from '../../../src/domain/prune/outcome.ts'
import { pruneFailure } from '../../../src/report/prune/headline.ts'
import { pruneAnnotations } from '../../../src/report/prune/annotations.ts'
import { image, policy } from '../../domain/prune/repository-dsl.ts'
import { pruneExamples } from './examples.ts'
import { executed, pruneReport, withForeignText } from './fixtures.ts'

const told = (report: PruneReport): string[] =>
  pruneAnnotations(report, { units: 'iec' }).map(
    ({ level, title, message }) => `${level} | ${title} | ${message}`,
  )

describe('the line that a failed step ends with', () => {
  it('has the image, what is wrong and what to do', () => {
    expect(pruneFailure(pruneExamples['dry run that would be refused']!(), 'iec')).toMatch(
      /^❌ would be refused · .*\. ghcr\.io\/acme\/api: 36 deletions are more than max-deletes: 20\. If all of this may go, raise max-deletes; .* \(and 1 more, see the job summary\)$/,
    )
    expect(pruneFailure(pruneExamples['a repository that was not read']!(), 'iec')).toContain(
      'ghcr.io/acme/api: listing the tags',
    )
  })
})

describe('annotations of a prune run', () => {
  it('say in a dry run what the way back lacks', () => {
    const report = pruneExamples['nightly dry run']!()
    const last = (isUndoFileTaken: boolean) =>
      pruneAnnotations(report, { units: 'iec', undoFile: 'back.jsonl', isUndoFileTaken }).at(-1)?.message
    expect(last(false)).toMatch(/set dry-run: false to carry it out$/)
    expect(last(true)).toMatch(
      /out\. back\.jsonl is not empty, so the real run would refuse it: name a new file for each run$/,
    )
  })

  it.each([
    [
      'nightly dry run',
      [
        'notice | Prune, dry run | ✅ would delete 13 of 40 tags · frees 236.8 MiB. Nothing was deleted; set dry-run: false to carry it out. Without undo-file, mode: undo cannot take it back',
      ],
    ],
    ['nothing to do', []],
    ['500 tags', []],
    [
      'failures and partial',
      [
        'error | Prune | ghcr.io/acme/api: max-duration has passed',
        'warning | Prune stopped early | ghcr.io/acme/api: 7 tags not reached',
        'warning | Not deleted | ghcr.io/acme/api: pr-411: the registry refuses: publicly visible package versions with more than 5000 downloads cannot be deleted',
      ],
    ],
    [
      'partial only',
      [
        'warning | Prune stopped early | ghcr.io/acme/api: max-duration has passed',
        'warning | Prune stopped early | ghcr.io/acme/api: 6 tags not reached; the next run goes on',
      ],
    ],
    ['a plan that no longer fits', []],
    ['refused by a breaker', []],
    [
      'dry run that would be refused',
      [
        'error | Prune would be refused | ghcr.io/acme/api: 36 of 40 tags would go: 90% is more than max-delete-percent: 50. If all of this may go, raise max-delete-percent; else name fewer tags or keep more.',
      ],
    ],
    [
      'unknown ages, untagged manifests',
      [
        'warning | Prune | quay.io/acme/api: exclude-tags: release-* matches no tag',
        'notice | Unknown age | quay.io/acme/api: 2 tags of unknown age stay: pr-distroless, pr-buildpack',
        'notice | Prune, dry run | ✅ would delete 13 of 42 tags and 2 untagged manifests · frees 273.2 MiB. Nothing was deleted; set dry-run: false to carry it out. Without undo-file, mode: undo cannot take it back',
      ],
    ],
  ])('say of %s what is worth a line beside the closing one', (name, lines) => {
    expect(told(pruneExamples[name]!())).toEqual(lines)
  })

  it('say as a notice what stays because a tag cannot be removed without its manifest, and how it can', () => {
    const content = {
      tags: { 'pr-rc': 'X 9d', 'pr-rd': 'X 9d', v2: 'X 9d' },
      manifests: { X: image() },
      registry: { untag: 'unknown' as const },
    }
    const cannot = 'this registry cannot. shared-digest: swap does it'
    const outcome = executed(content, policy({ tags: 'pr-*' }))
    const tags = outcome.tags.map((tag) =>
      tag.decision === 'untag' ? { ...tag, decision: 'skip' as const, note: cannot } : tag,
    )
    expect(told(pruneReport([{ ...outcome, tags }]))).toEqual([
      'notice | Not deleted | ghcr.io/acme/api: 2 tags stay, pr-rc (digest shared with v2), pr-rd (digest shared with v2): this registry cannot. shared-digest: swap does it',
    ])
  })

  it('say why ages are unknown where the registry does not tell the date that was asked for', () => {
    const content = { tags: { a: 'A' }, manifests: { A: image() } }
    const rules = policy({ tags: '*', olderThan: '30d', ageSource: 'pushed' })
    expect(told(pruneReport([executed(content, rules)]))).toEqual([
      'notice | Unknown age | ghcr.io/acme/api: 1 tag of unknown age stays: a. The registry does not report when they were pushed; age-source: auto takes the build date instead',
    ])
  })

  it('say as a notice that a registry does not list untagged manifests', () => {
    const content = { tags: { a: 'A' }, manifests: { A: image() }, registry: { listsUntagged: false } }
    const lines = told(pruneReport([executed(content, policy({ deleteUntagged: true }))]))
    expect(lines).toEqual([
      expect.stringMatching(
        /^notice \| Prune \| ghcr.io\/acme\/api: delete-untagged: the registry does not list/,
      ),
    ])
  })

  it('name each image that is broken', () => {
    const report = pruneExamples['validation failed']!()
    expect(pruneFailure(report, 'iec')).toContain('api: v1.6.0 does not resolve any more')
    expect(told(report)[0]).toEqual(
      expect.stringMatching(/^error \| Broken after deleting \| .*api: sha256:f5289f.*, needed by v1\.7\.0/),
    )
  })

  it('say once what several repositories share', () => {
    expect(told(pruneExamples['nine repositories']!())).toContain(
      'warning | Prune | 8 repositories: exclude-tags: release-* matches no tag',
    )
  })

  it('name five tags of unknown age and count the others', () => {
    const tags = Object.fromEntries(
      Array.from({ length: 7 }, (_, i) => [`t${i}`, { state: 'missing' as const }]),
    )
    const outcome = executed({ tags }, policy({ tags: '*', keepLatest: 1 }), { changes: { warnings: [] } })
    const undated = {
      ...outcome,
      tags: outcome.tags.map((tag) => Object.assign({}, tag, { reason: 'unknown-age' as const })),
    }
    expect(told(pruneReport([undated]))).toEqual([
      'notice | Unknown age | ghcr.io/acme/api: 7 tags of unknown age stay: t0, t1, t2, t3, t4 and 2 more',
    ])
  })

  it('name the repository once', () => {
    const problems = ['ghcr.io/acme/api: the registry still has it']
    const report = pruneReport([
      executed({}, policy({ tags: 'a' }), { changes: { state: 'failed', problems } }),
    ])
    expect(pruneFailure(report, 'iec')).toMatch(/\. ghcr\.io\/acme\/api: the registry still has it$/)
  })

  it('are ten of a level, the tenth with the number of the others, each one clean line', () => {
    const problems = Array.from({ length: 40 }, (_, i) => `problem ${i}`)
    const report = pruneReport([
      executed({}, policy({ tags: 'a' }), { changes: { state: 'failed', problems } }),
    ])
    const lines = told(report)
    expect(lines).toHaveLength(10)
    expect(lines[9]).toMatch(/problem 10 \(and 29 more, see the job summary\)$/)
    const hostile = told(withForeignText(report, () => 'a\n::error::b\u202E\u0000'))
    for (const line of hostile) expect(line).not.toMatch(/[\p{Cc}\u202E]/u)
  })
})
