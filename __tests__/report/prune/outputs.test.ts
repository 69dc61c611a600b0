import { describe, expect, it } from 'vitest'
import { tallyTags } from '../../../src/usecases/prune/outcomes.ts'
import type { PruneReport } from '../../../src/domain/prune/outcome.ts'
import { pruneJson } from '../../../src/report/prune/json.ts'
import { pruneOutputs } from '../../../src/report/prune/outputs.ts'
import { digestOf, subjectTag, image, index, policy } from '../../domain/prune/repository-dsl.ts'
import type { Content } from '../../domain/prune/repository-dsl.ts'
import { textOf } from '../../contract/checkout.ts'
import { pruneExamples } from './examples.ts'
import { executed, planned, pruneReport } from './fixtures.ts'

const outputs = (report: PruneReport): Record<string, string> => pruneOutputs(report, 'iec')
const parsed = (text: string | undefined): unknown => JSON.parse(text ?? '')

const small: Content = {
  tags: { old: 'M 40d', new: 'B 1d' },
  manifests: { M: index(['A']), A: image({ blobs: { a: 100 } }), B: image({ blobs: { b: 100 } }) },
}
const rules = policy({ tags: '*', olderThan: '30d' })

describe('the JSON of a prune report', () => {
  it('has the shape of version 1', () => {
    expect(pruneJson(pruneReport([planned(small, rules)]))).toStrictEqual({
      schemaVersion: 1,
      mode: 'prune',
      dryRun: true,
      repositories: [
        {
          repository: 'ghcr.io/acme/api',
          tags: [
            {
              tag: 'old',
              digest: digestOf('M'),
              age: { at: '2026-05-06T12:00:00Z', source: 'pushed' },
              decision: 'delete',
              reason: 'expired',
              decidedBy: { rule: 'tags: *, older-than: 30 days' },
              status: 'planned',
            },
            {
              tag: 'new',
              digest: digestOf('B'),
              age: { at: '2026-06-14T12:00:00Z', source: 'pushed' },
              decision: 'keep',
              reason: 'too-new',
              decidedBy: { rule: 'older-than: 30 days' },
              status: 'retained',
            },
          ],
          manifests: [
            {
              digest: digestOf('M'),
              decision: 'delete',
              reason: 'expired',
              decidedBy: { tag: 'old' },
              status: 'planned',
            },
            {
              digest: digestOf('A'),
              decision: 'delete',
              reason: 'child-of',
              decidedBy: { digest: digestOf('M') },
              status: 'planned',
            },
            {
              digest: digestOf('B'),
              decision: 'keep',
              reason: 'too-new',
              decidedBy: { tag: 'new' },
              status: 'retained',
            },
          ],
          reclaimedBytes: 120,
        },
      ],
      reclaimedBytes: 120,
    })
  })

  it('says null for a digest and a date that are not known', () => {
    const ghost = planned({ tags: { ghost: { state: 'missing' } } }, policy({ tags: '*', keepLatest: 1 }))
    expect(pruneJson(pruneReport([ghost])).repositories[0]?.tags[0]).toMatchObject({
      digest: null,
      age: null,
    })
  })

  it('says what became of each after a run', () => {
    const report = pruneJson(pruneExamples['failures and partial']!())
    const statuses = new Set(report.repositories[0]?.tags.map(({ status }) => status))
    expect(statuses).toEqual(new Set(['retained', 'done', 'failed', 'gone', 'planned']))
  })
})

describe('outputs of a prune run', () => {
  it('are those that action.yml declares for this mode, and nothing else', () => {
    const section = textOf('action.yml').split(/^outputs:$/m)[1] ?? ''
    const declared = section.matchAll(/^ {2}([a-z-]+):\n {4}description: '(\w+)(:?)/gm)
    const expected = Array.from(declared, ([, name = '', mode = '', colon]) =>
      colon === '' || mode === 'prune' ? [name] : [],
    ).flat()
    expect(expected).toContain('reclaimed-human')
    expect(new Set(Object.keys(outputs(pruneReport([]))))).toEqual(new Set(expected))
  })

  it('say of a dry run what would happen', () => {
    const result = outputs(pruneExamples['shared digests and multi-arch']!())
    expect(result).toMatchObject({
      result: 'pass',
      'dry-run': 'true',
      'deleted-count': '3',
      'untagged-count': '1',
      'kept-count': '4',
      'skipped-count': '0',
      'failed-count': '0',
      'reclaimed-human': '53.1 MiB',
      partial: 'false',
    })
    expect(parsed(result['deleted-tags'])).toEqual(['v1.9.0', 'v1.8.3', 'nightly-20260301'])
    expect(parsed(result['json'])).toMatchObject({ mode: 'prune', dryRun: true })
  })

  it('say of a real run what happened, not what was planned', () => {
    const report = pruneExamples['failures and partial']!()
    const result = outputs(report)
    expect(result).toMatchObject({
      result: 'fail',
      'dry-run': 'false',
      'deleted-count': '13',
      'kept-count': '18',
      'skipped-count': '1',
      'failed-count': '1',
      'reclaimed-bytes': '402653184',
      partial: 'true',
    })
    const done = report.repositories[0]!.tags.filter(({ status }) => status === 'done' || status === 'gone')
    expect(parsed(result['deleted-tags'])).toEqual(done.map(({ tag }) => tag))
  })

  it.each([
    ['partial only', { result: 'partial', partial: 'true', 'deleted-count': '7' }],
    [
      'refused by a breaker',
      { result: 'fail', partial: 'false', 'deleted-count': '0', 'deleted-tags': '[]' },
    ],
    ['nothing to do', { result: 'pass', 'deleted-count': '0', 'reclaimed-bytes': '0', 'kept-count': '40' }],
  ])('name the end of %s', (name, expected) => {
    expect(outputs(pruneExamples[name]!())).toMatchObject(expected)
  })

  it('agree with each other and with the tallies in every example', () => {
    for (const make of Object.values(pruneExamples)) {
      const report = make()
      const result = outputs(report)
      const tallies = report.repositories.map(({ tags }) => tallyTags(tags, report.dryRun))
      const sum = (key: keyof (typeof tallies)[number]): string =>
        String(tallies.reduce((total, tally) => total + tally[key], 0))
      expect(result).toMatchObject({
        'deleted-count': sum('deleted'),
        'untagged-count': sum('untagged'),
        'kept-count': sum('kept'),
        'skipped-count': sum('skipped'),
        'failed-count': sum('failed'),
      })
      expect(parsed(result['deleted-tags'])).toHaveLength(Number(sum('deleted')))
    }
  })

  it('count tags of signatures apart', () => {
    const content: Content = {
      tags: { v1: 'X 90d', [subjectTag('X', '.sig')]: 'S 90d' },
      manifests: { X: image(), S: image() },
    }
    const result = outputs(pruneReport([executed(content, policy({ tags: 'v1' }))]))
    expect(result).toMatchObject({ 'deleted-count': '1', 'deleted-tags': '["v1"]' })
  })

  it('never hold half a list: lists that are too long are left out whole', () => {
    const one = executed(small, rules)
    const [tag] = one.tags
    const tags = Array.from({ length: 12_000 }, (_, i) =>
      Object.assign({}, tag!, { tag: `${'x'.repeat(100)}${i}` }),
    )
    const result = outputs(pruneReport([{ ...one, tags }]))
    expect(result['deleted-tags']).toBe('null')
    expect(parsed(result['json'])).toEqual({
      schemaVersion: 1,
      mode: 'prune',
      dryRun: false,
      reclaimedBytes: 120,
      truncated: true,
    })
  })
})
