import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PruneReport } from '../../../src/domain/prune/outcome.ts'
import { pruneLog } from '../../../src/report/prune/log.ts'
import { digestOf, image, missing, policy } from '../../domain/prune/repository-dsl.ts'
import type { Content } from '../../domain/prune/repository-dsl.ts'
import { hostileText } from '../hostile.ts'
import { pruneExamples } from './examples.ts'
import { NOW, executed, planned, pruneReport, withForeignText } from './fixtures.ts'

const log = (report: PruneReport): string[] => pruneLog(report, { units: 'iec', now: NOW })
const D = digestOf('X')

describe('the log of a prune run', () => {
  const shared: Content = {
    tags: { drop: 'X 90d', keep: 'X 90d' },
    manifests: { X: image({ blobs: { a: 1024 } }) },
    registry: { untag: 'no' },
  }
  const swap = policy({ tags: 'drop', sharedDigest: 'swap' })

  it('says of a dry run that a tag would be removed, and never that its image would be', () => {
    const lines = log(pruneReport([planned(shared, swap)]))
    expect(lines).toEqual([
      'ghcr.io/acme/api',
      '  would untag drop (4b68ab3, 90 days old (pushed)): its digest stays, also keep',
      '  1 tag kept: 1 not considered',
      'Prune, dry run: ✅ would untag 1 of 2 tags',
    ])
    expect(lines.join('\n')).not.toContain('delete')
  })

  it('says the same of a real run', () => {
    expect(log(pruneReport([executed(shared, swap)]))).toContain(
      '  untagged drop (4b68ab3, 90 days old (pushed)): its digest stays, also keep',
    )
  })

  it('says what else needs a digest that stays', () => {
    const content: Content = {
      tags: { index: 'M 90d', child: 'X 90d' },
      manifests: { M: { ...image(), kind: 'index', children: [D], platforms: [D] }, X: image() },
    }
    const lines = log(pruneReport([planned(content, policy({ tags: 'child' }))]))
    expect(lines[1]).toBe(
      `  would untag child (4b68ab3, 90 days old (pushed)): its digest stays, part of ${digestOf('M').slice(7, 14)}`,
    )
  })

  it('names everything that goes with a digest of a length to read, age, bytes and reason', () => {
    const content = { tags: { v1: 'X 40d' }, manifests: { X: image({ blobs: { a: 2038 } }) } }
    const rules = policy({ tags: 'v*', olderThan: '30d' })
    expect(log(pruneReport([executed(content, rules)]))[1]).toBe(
      `  deleted v1 (4b68ab3, 40 days old (pushed), frees 2.0 KiB on its own): v* older than 30 days`,
    )
  })

  it('tells what became of each tag', () => {
    const lines = log(pruneExamples['failures and partial']!()).map((line) =>
      line.replace(/\([0-9a-f]{7},.*\)/, '()'),
    )
    expect(lines).toContain(
      '  failed to remove pr-415 (): DELETE answered 500 Internal Server Error after 4 tries; pr-* older than 14 days',
    )
    expect(lines).toContain('  did not reach main-1f3f199 (): main-* older than 14 days')
    expect(lines).toContain('  already gone: pr-413 (): pr-* older than 14 days')
    expect(lines.find((line) => line.startsWith('  skip pr-411'))).toContain('more than 5000 downloads')
    expect(lines.find((line) => line.startsWith('  went wrong: '))).toContain('pr-412: DELETE')
    expect(lines.at(-1)).toMatch(/^Prune: ❌ 1 tag failed/)
  })

  it('has manifests without a tag, warnings, refusals and what is broken', () => {
    const untagged = log(pruneExamples['unknown ages, untagged manifests']!())
    expect(untagged.filter((line) => /^ {2}would delete image [0-9a-f]{7}:/.test(line))).toHaveLength(2)
    expect(untagged).toContain('  worth a look: exclude-tags: release-* matches no tag')
    expect(log(pruneExamples['refused by a breaker']!())).toContain(
      '  refused: 36 of 40 tags would go: 90% is more than max-delete-percent: 50. If all of this may go, raise max-delete-percent; else name fewer tags or keep more.',
    )
    expect(log(pruneExamples['validation failed']!())).toContain(
      '  broken afterwards: v1.6.0 does not resolve any more',
    )
  })

  it('does not list what stays, and knows tags without a digest', () => {
    const content: Content = { tags: { ghost: { state: 'missing' } }, manifests: { X: missing } }
    const outcome = planned(content, policy({ tags: '*', keepLatest: 1 }))
    expect(log(pruneReport([outcome]))).toEqual([
      'ghcr.io/acme/api',
      '  1 tag kept: 1 undeletable',
      '  worth a look: ghost is listed, but the registry does not find it',
      'Prune, dry run: ✅ nothing to delete · 1 tag kept',
    ])
    const [tag] = outcome.tags
    const skipped = { ...outcome, tags: [Object.assign({}, tag!, { decision: 'skip' as const })] }
    expect(log(pruneReport([skipped]))[1]).toBe(
      '  skip ghost (no digest, frees 0 B on its own): cannot go, listed, but not found',
    )
  })

  it('says in a dry run that a registry may not be able to remove only a tag', () => {
    const outcome = planned(shared, swap)
    const tags = outcome.tags.map((tag) =>
      tag.tag === 'drop' ? { ...tag, note: 'only if the registry can' } : tag,
    )
    expect(log(pruneReport([{ ...outcome, tags }]))[1]).toBe(
      '  would untag drop (4b68ab3, 90 days old (pushed)): its digest stays, also keep; only if the registry can',
    )
  })

  it('says of an age that it is unknown where it was asked for', () => {
    const content = {
      tags: { a: 'X', b: 'X 90d' },
      manifests: { X: image() },
      registry: { untag: 'no' as const },
    }
    const outcome = planned(content, policy({ tags: 'b', olderThan: '1d' }))
    const [tag] = outcome.tags
    const undated = { ...tag!, decision: 'skip' as const, reason: 'unknown-age' as const }
    expect(log(pruneReport([{ ...outcome, tags: [undated] }]))[1]).toContain('of unknown age')
  })

  it('counts no tags where there is no plan', () => {
    expect(log(pruneExamples['a plan that no longer fits']!()).join(' ')).not.toContain('tags kept:')
    expect(log(pruneExamples['a plan that no longer fits']!())[1]).toMatch(/^ {2}refused: since the plan/)
  })

  it('is one clean line for each thing, whatever the names are', () => {
    const names = Object.keys(pruneExamples).filter((name) => name !== '500 tags')
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.array(hostileText, { minLength: 1 }), (name, texts) => {
        const report = withForeignText(pruneExamples[name]!(), (place) => texts[place % texts.length] ?? '')
        for (const line of log(report)) expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202E]/u)
      }),
      { numRuns: 30 },
    )
  })
})
